using System.Text.Json;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Cli.Schedules;

/// <summary>Tables as JSON: every number of every row.</summary>
internal static class ScheduleJson
{
    /// <summary>Writes one table as an object, two as an array.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<NamedTable> tables, bool formulas)
    {
        if (tables.Count > 1) json.WriteStartArray();
        foreach (NamedTable named in tables) Write(json, named, formulas);
        if (tables.Count > 1) json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, NamedTable named, bool formulas)
    {
        SolverTable table = named.Table;
        json.WriteStartObject();
        json.WriteString("choice", named.Name);
        json.WriteString("profile", named.Profile);
        json.WriteString("solver", table.Name);
        json.WriteNumber("steps", table.Steps);
        json.WriteNumber("first_step", table.FirstStep);
        json.WriteNumber("evaluations", table.Rows.Count);
        json.WriteNumber("noise_draws", table.NoiseDraws);
        json.WriteNumber("init_noise_scale", table.InitNoiseScale);
        json.WriteStartArray("sigmas");
        foreach (double sigma in table.Sigmas) json.WriteNumberValue(sigma);
        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (SolverRow row in table.Rows)
        {
            json.WriteStartObject();
            json.WriteNumber("step", row.Step);
            json.WriteBoolean("ends_step", row.EndsStep);
            json.WriteNumber("timestep", row.Timestep);
            if (double.IsFinite(row.Sigma)) json.WriteNumber("sigma", row.Sigma);
            else json.WriteNull("sigma");
            json.WriteNumber("input_scale", row.InputScale);
            json.WriteNumber("signal_level", row.SignalLevel);
            json.WriteNumber("noise_level", row.NoiseLevel);
            json.WriteBoolean("draws_before", row.DrawsBefore);
            json.WriteBoolean("draws_after", row.DrawsAfter);
            if (formulas)
            {
                json.WriteString("x", row.Next.ToString());
                json.WriteString("saved", row.Save.ToString());
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
