// Makes src/NativeDiffusion/Text/Data/unicode.tables from the Unicode Character Database.
//   dotnet run scripts/unicode-tables.cs -- <folder with UnicodeData.txt and DerivedNormalizationProps.txt> <major version> <output>
// The output is a row of LEB128 numbers, read back by UnicodeTables:
//   the version; letters (L*) and numbers (N*) as ranges (gap to the previous range's end, length - 1);
//   lower case as runs (gap, count - 1, stride, zigzag of the distance); canonical decompositions (gap, first, second or 0,
//   1 if never composed again); combining classes as ranges (gap, length - 1, class). White_Space is short enough to stand in the code.
#:property PublishAot=false
#:property AnalysisMode=Default
#:property RestorePackagesWithLockFile=false
using System.Globalization;

string folder = args[0];
int version = int.Parse(args[1], CultureInfo.InvariantCulture);
string output = args[2];

var letters = new List<(int First, int Last)>();
var numbers = new List<(int First, int Last)>();
var lower = new List<(int Code, int Lower)>();
var decompositions = new List<(int Code, int First, int Second)>();
var classes = new List<(int Code, int Class)>();
int rangeStart = -1;
foreach (string line in File.ReadLines(Path.Combine(folder, "UnicodeData.txt")))
{
    string[] fields = line.Split(';');
    int code = Hex(fields[0]);
    if (fields[1].EndsWith(", First>", StringComparison.Ordinal))
    {
        rangeStart = code;
        continue;
    }
    int first = fields[1].EndsWith(", Last>", StringComparison.Ordinal) ? rangeStart : code;
    if (fields[2][0] == 'L') Extend(letters, first, code);
    if (fields[2][0] == 'N') Extend(numbers, first, code);
    if (fields[3] != "0") classes.Add((code, int.Parse(fields[3], CultureInfo.InvariantCulture)));
    if (fields[13].Length > 0) lower.Add((code, Hex(fields[13])));
    if (fields[5].Length > 0 && fields[5][0] != '<')
    {
        string[] parts = fields[5].Split(' ');
        decompositions.Add((code, Hex(parts[0]), parts.Length > 1 ? Hex(parts[1]) : 0));
    }
}

var excluded = new HashSet<int>();
foreach (string line in File.ReadLines(Path.Combine(folder, "DerivedNormalizationProps.txt")))
{
    string[] fields = line.Split('#')[0].Split(';');
    if (fields.Length < 2 || fields[1].Trim() != "Full_Composition_Exclusion") continue;
    string[] range = fields[0].Trim().Split("..");
    for (int code = Hex(range[0]); code <= Hex(range[^1]); code++) excluded.Add(code);
}

using var stream = new MemoryStream();
Write(version);
WriteRanges(letters);
WriteRanges(numbers);

var runs = new List<(int First, int Count, int Stride, int Distance)>();
foreach ((int code, int target) in lower)
{
    int distance = target - code;
    if (runs.Count > 0 && runs[^1].Distance == distance)
    {
        (int first, int count, int stride, _) = runs[^1];
        int step = code - (first + ((count - 1) * stride));
        if (step <= 2 && (count == 1 || step == stride))
        {
            runs[^1] = (first, count + 1, step, distance);
            continue;
        }
    }
    runs.Add((code, 1, 1, distance));
}
Write(runs.Count);
int end = 0;
foreach ((int first, int count, int stride, int distance) in runs)
{
    Write(first - end);
    Write(count - 1);
    Write(stride);
    Write((distance << 1) ^ (distance >> 31));
    end = first;
}

Write(decompositions.Count);
end = 0;
foreach ((int code, int first, int second) in decompositions)
{
    Write(code - end);
    Write(first);
    Write(second);
    Write(excluded.Contains(code) ? 1 : 0);
    end = code;
}

var classRanges = new List<(int First, int Last, int Class)>();
foreach ((int code, int value) in classes)
{
    if (classRanges.Count > 0 && classRanges[^1].Last == code - 1 && classRanges[^1].Class == value)
        classRanges[^1] = classRanges[^1] with { Last = code };
    else
        classRanges.Add((code, code, value));
}
Write(classRanges.Count);
end = 0;
foreach ((int first, int last, int value) in classRanges)
{
    Write(first - end);
    Write(last - first);
    Write(value);
    end = last;
}

File.WriteAllBytes(output, stream.ToArray());
Console.WriteLine(
    $"{output}: Unicode {version}, {stream.Length} bytes, {letters.Count} + {numbers.Count} ranges, {runs.Count} lower-case runs, {decompositions.Count} "
        + $"decompositions, {classRanges.Count} class ranges");

static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

static void Extend(List<(int First, int Last)> ranges, int first, int last)
{
    if (ranges.Count > 0 && ranges[^1].Last == first - 1)
        ranges[^1] = ranges[^1] with { Last = last };
    else
        ranges.Add((first, last));
}

void WriteRanges(List<(int First, int Last)> ranges)
{
    Write(ranges.Count);
    int previous = 0;
    foreach ((int first, int last) in ranges)
    {
        Write(first - previous);
        Write(last - first);
        previous = last;
    }
}

void Write(int value)
{
    uint rest = (uint)value;
    while (rest >= 0x80)
    {
        stream.WriteByte((byte)(rest | 0x80));
        rest >>= 7;
    }
    stream.WriteByte((byte)rest);
}
