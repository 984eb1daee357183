namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Removes statements while the program still fails.</summary>
internal static class Shrinker
{
    public static void Shrink(List<Statement> program, Func<bool> fails)
    {
        while (TryShorten(program, fails)) { }
    }

    private static bool TryShorten(List<Statement> statements, Func<bool> fails)
    {
        for (int i = statements.Count - 1; i >= 0; i--)
        {
            Statement removed = statements[i];
            statements.RemoveAt(i);
            if (fails()) return true;
            // A nested statement may replace its parent.
            foreach (List<Statement> body in removed.Bodies)
            {
                if (body.Count == 0) continue;
                statements.InsertRange(i, body);
                if (fails()) return true;
                statements.RemoveRange(i, body.Count);
            }
            statements.Insert(i, removed);
            foreach (List<Statement> body in removed.Bodies)
                if (TryShorten(body, fails)) return true;
        }
        return false;
    }
}
