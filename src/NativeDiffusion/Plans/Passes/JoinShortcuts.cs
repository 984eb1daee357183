using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>conv2(h) + shortcut(x) becomes one product: the 1x1 shortcut is a further segment of the convolution's.</summary>
internal static class JoinShortcuts
{
    /// <summary>The pass.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="capabilities">Segments per product, and whether their windows may differ.</param>
    public static Graph Apply(Graph graph, DeviceCapabilities capabilities)
    {
        var editor = new GraphEditor(graph);
        for (int i = 0; i < editor.Length; i++)
        {
            if (editor[i] is not AddOperation { IsBroadcast: false } add) continue;
            if (editor.OpenProduct(add.A) is not { } a || editor.OpenProduct(add.B) is not { } b || a == b) continue;
            if (CanJoin(b, a, capabilities)) Join(editor, i, add, b, a);
            else if (CanJoin(a, b, capabilities)) Join(editor, i, add, a, b);
        }

        return editor.ToGraph();
    }

    private static bool CanJoin(GemmOperation host, GemmOperation shortcut, DeviceCapabilities capabilities) =>
        shortcut.IsPlain && host is { Activation: Activation.None, Biases.Length: 1 }
        && host.Segments.Length < capabilities.SegmentsPerProduct
        && (capabilities.MixedWindows || host.Segments.All(segment => segment.Window.Kernel == 1));

    private static void Join(GraphEditor editor, int index, AddOperation add, GemmOperation host, GemmOperation shortcut)
    {
        editor.Remove(host);
        editor.Remove(shortcut);
        editor.Replace(index, host with
        {
            Segments = [.. host.Segments, .. shortcut.Segments],
            Biases = [[.. host.Biases[0], .. shortcut.Biases[0]]],
            Output = add.Output,
        });
    }
}
