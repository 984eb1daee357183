using System.Text.RegularExpressions;

namespace NativeDiffusion.VirtualGpu.Tests.PtxText;

/// <summary>Spoils a PTX text, a place or a few, by a seed.</summary>
internal sealed partial class Mutator
{
    private static readonly string[] s_strange =
    [
        "0", "-1", "99999999999999999999", "4294967296", "0x", "0f3F80", "0d7FF0000000000000", "1e309", "_", "%", "%p1", "%laneid", ".pred", ".f16x2", ".v4",
            ".align", ".param", ".local", ".shared", "[", "]",
        "{", "}", "(", ")", ";", ",", ":", "|", "!", "@", "<", ">", "=", "\"", "/*", "//", "\0", "é", ".reg .b32 %r<9999999999>;", ".reg .b64 z<2147483647>;",
            "ret;", "call", "bra", "mov.b32 {}, {};", ".branchtargets", "trap;",
        "bar.sync 99;", "ld.global.v4.f32 {%f1}, [%rd1];", "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {}, {}, {}, {};", ".entry", ".func", ".loc 1 2 3",
            ".b8 x[2147483647];", ".shared .b8 y[9223372036854775807];", "cvt.rn.f32", ".global .b8 w[] = {1,2", "::", ".L2::",
    ];

    private readonly List<string> _tokens;
    private readonly Random _random;

    public Mutator(string text, int seed)
    {
        _tokens = [.. Tokens().Matches(text).Select(match => match.Value)];
        _random = new Random(seed);
    }

    /// <summary>The text with up to three places spoiled, or cut off.</summary>
    public string Run()
    {
        if (_random.Next(12) == 0) return string.Concat(_tokens.Take(_random.Next(_tokens.Count)));
        for (int n = _random.Next(1, 4); n > 0; n--) Spoil();
        return string.Concat(_tokens);
    }

    private void Spoil()
    {
        int at = Place(), other = Place();
        switch (_random.Next(9))
        {
            case 0:
                _tokens.RemoveAt(at);
                break;
            case 1:
                _tokens.Insert(at, _tokens[other]);
                break;
            case 2:
                (_tokens[at], _tokens[other]) = (_tokens[other], _tokens[at]);
                break;
            case 3:
                _tokens[at] = s_strange[_random.Next(s_strange.Length)];
                break;
            case 4:
                _tokens.Insert(at, s_strange[_random.Next(s_strange.Length)] + " ");
                break;
            case 5:
                int count = Math.Min(_random.Next(1, 40), _tokens.Count - at);
                _tokens.RemoveRange(at, count);
                break;
            case 6:
                string token = _tokens[at];
                int place = _random.Next(token.Length);
                _tokens[at] = string.Concat(token.AsSpan(0, place), ((char)_random.Next(32, 127)).ToString(), token.AsSpan(place + 1));
                break;
            default:
                // A word for another of its kind: what is left looks right.
                List<int> kin =
                    [.. Enumerable.Range(
                    0, 200).Select(_ => _random.Next(_tokens.Count)).Where(i => _tokens[i][0] == _tokens[at][0] && _tokens[i] != _tokens[at])];
                if (kin.Count > 0) _tokens[at] = _tokens[kin[_random.Next(kin.Count)]];
                break;
        }
    }

    /// <summary>A token that is not blank.</summary>
    private int Place()
    {
        while (true)
        {
            int at = _random.Next(_tokens.Count);
            if (!string.IsNullOrWhiteSpace(_tokens[at])) return at;
        }
    }

    [GeneratedRegex(@"\s+|\.?[\w%$]+(::\w+)?|.", RegexOptions.Singleline)]
    private static partial Regex Tokens();
}
