using System.Globalization;
using System.Text;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>
/// The common frame of all defects: a kernel "defect" whose lines are those of defect.cu. x is 1024 initialised bytes, y 4096 uninitialised ones, z 64 zeros;
/// xi and yi are each thread's word of them (yi across blocks), si its word of the 512 bytes of shared memory s; l is local, c constant.
/// </summary>
internal sealed class DefectKernel
{
    private const string Head = """
        .version 7.8
        .target sm_90
        .address_size 64
        .file 1 "defect.cu"
        .const .align 4 .b32 c[4] = {1, 2, 3, 4};
        .extern .shared .align 16 .b8 dyn[];
        .extern .shared .align 4 .b8 narrow[];
        """;

    private const string Entry = """
        .visible .entry defect(.param .u64 px, .param .u64 py, .param .u64 pz)
        {
        .reg .pred p, q, isThread0, isLane0, isWarp0, isWarp1, isBlock0, isLow;
        .reg .b16 h;
        .reg .b32 tid, bid, lane, warp, si, a, b, d, e, e0, e1, e2, e3;
        .reg .b64 x, y, z, xi, yi, u, v, w;
        .shared .align 16 .b8 s[512];
        .local .align 16 .b8 l[64];
        ld.param.u64 x, [px];
        ld.param.u64 y, [py];
        ld.param.u64 z, [pz];
        mov.u32 tid, %tid.x;
        mov.u32 bid, %ctaid.x;
        and.b32 lane, tid, 31;
        shr.u32 warp, tid, 5;
        mov.u32 si, s;
        mad.lo.u32 si, tid, 4, si;
        mov.u32 a, %ntid.x;
        mad.lo.u32 a, bid, a, tid;
        mad.wide.u32 yi, a, 4, y;
        mad.wide.u32 xi, tid, 4, x;
        setp.eq.u32 isThread0, tid, 0;
        setp.eq.u32 isLane0, lane, 0;
        setp.eq.u32 isWarp0, warp, 0;
        setp.eq.u32 isWarp1, warp, 1;
        setp.eq.u32 isBlock0, bid, 0;
        setp.lt.u32 isLow, lane, 16;
        """;

    private readonly Defect _defect;
    private readonly TestDevice _device;
    private readonly DeviceArray<uint> _x;
    private readonly DeviceArray<uint> _y;
    private readonly DeviceArray<uint> _z;

    public DefectKernel(Defect defect, bool isTwin, ExecutionOptions options)
    {
        _defect = defect;
        _device = new TestDevice(Text(defect, isTwin), options);
        _x = _device.Upload([.. Enumerable.Range(1, 256).Select(i => (uint)i)]);
        _y = _device.Allocate<uint>(1024);
        _z = _device.Upload(new uint[16]);
    }

    /// <summary>Compiled and not, friendly and adversarial with several seeds.</summary>
    public static IEnumerable<ExecutionOptions> Ways()
    {
        foreach (bool isCompiled in new[] { true, false })
        {
            var options = new ExecutionOptions { Workers = 1, IsCompiled = isCompiled, Patience = 20_000 };
            yield return options;
            for (int seed = 1; seed <= 4; seed++) yield return options with { IsAdversarial = true, Seed = seed };
        }
    }

    public IReadOnlyList<Finding> Run() =>
        _device.Launch("defect", new Dimensions(_defect.Grid, 1, 1), new Dimensions(_defect.Block, 1, 1), _defect.DynamicShared, _x, _y, _z).Findings;

    /// <summary>An address by name.</summary>
    public ulong Address(string name)
    {
        int sign = name.AsSpan(1).IndexOfAny('+', '-') + 1;
        long offset = sign > 0 ? long.Parse(name[sign..], CultureInfo.InvariantCulture) : 0;
        ulong start = (sign > 0 ? name[..sign] : name) switch
        {
            "x" => _x.Address,
            "y" => _y.Address,
            "z" => _z.Address,
            "s" => KernelImage.SharedStart,
            "l" => KernelLaunch.LocalStart,
            "param" => 0,
            "dyn" => (ulong)_device.Module.Kernel("defect")!.DynamicStart,
            string space => _device.Module.Kernel("defect")!.SymbolAddress(space),
        };
        return start + (ulong)offset;
    }

    private static string Text(Defect defect, bool isTwin)
    {
        var text = new StringBuilder();
        text.AppendLine(Head).AppendLine(defect.Module).AppendLine(Entry);
        string[] lines = defect.Body.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $".loc 1 {i + 1} 1");
            text.AppendLine(lines[i].Replace("{}", isTwin ? defect.Right : defect.Wrong, StringComparison.Ordinal));
        }
        return text.AppendLine("ret;").AppendLine("}").ToString();
    }
}
