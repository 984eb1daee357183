namespace NativeDiffusion.Solvers;

/// <summary>Rejects options: by their name, with the reason.</summary>
internal static class Refusal
{
    /// <summary>Creates the exception.</summary>
    /// <param name="option">The option's name, as the user writes it.</param>
    /// <param name="reason">The rest of the sentence, without a full stop.</param>
    public static ArgumentException Of(string option, string reason) => new($"{option}: {reason}.", option);

    /// <summary>Throws if a condition holds.</summary>
    public static void When(bool condition, string option, string reason)
    {
        if (condition) throw Of(option, reason);
    }

    /// <summary>An unknown name, with the supported ones.</summary>
    public static ArgumentException Unknown(string option, string value, params IEnumerable<string> known) =>
        Of(option, $"'{value}' is not known; choose one of {string.Join(", ", known)}");
}
