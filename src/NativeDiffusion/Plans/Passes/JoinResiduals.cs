namespace NativeDiffusion.Plans;

/// <summary>Fuses the addition of a residual into the preceding product.</summary>
internal static class JoinResiduals
{
    /// <summary>The pass.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="capabilities">Whether a product adds residuals.</param>
    public static Graph Apply(Graph graph, DeviceCapabilities capabilities)
    {
        var editor = new GraphEditor(graph);
        for (int i = 0; i < editor.Length && capabilities.EpilogueResidual; i++)
        {
            if (editor[i] is not AddOperation { IsBroadcast: false } add) continue;
            GemmOperation? a = editor.OpenProduct(add.A), b = editor.OpenProduct(add.B);
            if ((b ?? a) is not { } host || add.A.Root == add.B.Root) continue;
            editor.Remove(host);
            editor.Replace(i, host with { Residual = host == b ? add.A : add.B, Output = add.Output });
        }

        return editor.ToGraph();
    }
}
