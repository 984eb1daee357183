namespace NativeDiffusion.Solvers;

/// <summary>The one way in which options are refused: by their name, with the reason.</summary>
internal static class Refusal
{
    /// <summary>Makes the exception.</summary>
    /// <param name="option">The option's name, as the user writes it.</param>
    /// <param name="reason">The rest of the sentence, without a full stop.</param>
    public static ArgumentException Of(string option, string reason) => new($"{option}: {reason}.", option);

    /// <summary>Refuses when a condition holds.</summary>
    public static void When(bool condition, string option, string reason)
    {
        if (condition) throw Of(option, reason);
    }

    /// <summary>A name that is not known, with those that are.</summary>
    public static ArgumentException Unknown(string option, string value, params IEnumerable<string> known) =>
        Of(option, $"'{value}' is not known; choose one of {string.Join(", ", known)}");
}
