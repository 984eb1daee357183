using NativeDiffusion.Cli.Output;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Cli.Schedules;

/// <summary>Every profile's samplers and schedules.</summary>
internal static class ScheduleList
{
    /// <summary>Writes the list, as text or JSON.</summary>
    public static void Write(Terminal terminal)
    {
        SolverProfile[] profiles = Enum.GetValues<SolverProfile>();
        foreach (SolverProfile profile in profiles)
        {
            terminal.Line(Name(profile), "bold");
            terminal.Line($"  samplers   {string.Join(", ", SolverProfiles.SamplerNames(profile))}");
            terminal.Line($"  schedules  {string.Join(", ", SolverProfiles.ScheduleNames(profile))}");
        }

        terminal.Line("diffusers' classes", "bold");
        terminal.Line($"  {string.Join(", ", SchedulerConfig.ClassNames)}");
        terminal.WriteJson(json =>
        {
            json.WriteStartObject();
            foreach (SolverProfile profile in profiles)
            {
                json.WriteStartObject(Name(profile));
                Names("samplers", SolverProfiles.SamplerNames(profile));
                Names("schedules", SolverProfiles.ScheduleNames(profile));
                json.WriteEndObject();
            }

            Names("classes", SchedulerConfig.ClassNames);
            json.WriteEndObject();

            void Names(string property, IEnumerable<string> names)
            {
                json.WriteStartArray(property);
                foreach (string name in names) json.WriteStringValue(name);
                json.WriteEndArray();
            }
        });
    }

    private static string Name(SolverProfile profile) => profile.ToString().ToLowerInvariant();
}
