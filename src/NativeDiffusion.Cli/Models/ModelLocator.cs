namespace NativeDiffusion.Cli.Models;

/// <summary>
/// Finds models by name: in the folders of <c>NDIFF_MODELS</c>, in <c>models/</c> of the current folder and of each one above it,
/// and in <c>models/</c> beside the program. A path to a file or folder is used unchanged.
/// </summary>
internal sealed class ModelLocator
{
    /// <summary>The default model: small, and shipped with the program.</summary>
    public const string DefaultModel = "tiny-landscapes";

    /// <summary>The environment variable that lists folders of models.</summary>
    public const string Variable = "NDIFF_MODELS";

    private const string FolderName = "models";
    private static readonly string[] s_extensions = [".safetensors", ".ckpt", ".pt", ".bin"];

    /// <summary>Creates a locator over named places.</summary>
    /// <param name="startFolders">Folders whose <c>models/</c>, and that of each folder above, are searched.</param>
    /// <param name="variable">The value of <c>NDIFF_MODELS</c>, or null.</param>
    /// <param name="programFolder">The folder of the program.</param>
    public ModelLocator(IReadOnlyList<string> startFolders, string? variable, string programFolder)
    {
        IEnumerable<string> named = (variable ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        IEnumerable<string> upward = startFolders.SelectMany(Upward).Select(folder => Path.Join(folder, FolderName));
        Searched = [.. named.Concat(upward).Append(Path.Join(programFolder, FolderName)).Select(Path.GetFullPath).Distinct()];
    }

    /// <summary>Every folder that is searched, in order, whether it exists or not.</summary>
    public IReadOnlyList<string> Searched { get; }

    /// <summary>The searched folders that exist.</summary>
    public IEnumerable<string> Folders => Searched.Where(Directory.Exists);

    /// <summary>The locator of this process.</summary>
    /// <param name="startFolders">Folders from which <c>models/</c> is searched upward, besides the current one.</param>
    public static ModelLocator ForProcess(params IEnumerable<string> startFolders) =>
        new([.. startFolders, Environment.CurrentDirectory], Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory);

    /// <summary>Finds a model.</summary>
    /// <param name="model">A file, a folder, or a name; null for the default model, else the only one found.</param>
    /// <returns>The full path of a file or folder.</returns>
    /// <exception cref="CliException">There is no such model; the message lists the searched folders and how to get one.</exception>
    public string Find(string? model)
    {
        if (string.IsNullOrWhiteSpace(model))
            return FindByName(DefaultModel) ?? (Models().ToList() is [{ } only] ? only.Path : throw NotFound(DefaultModel));
        if (File.Exists(model) || Directory.Exists(model))
            return Path.GetFullPath(model);
        return FindByName(model) ?? throw NotFound(model);
    }

    /// <summary>The first of <see cref="Folders"/> that holds a model, or null.</summary>
    public string? FolderWithModels() => Folders.FirstOrDefault(folder => ModelsIn(folder).Any());

    /// <summary>Lists the models of all folders; of two with one name, the one found first.</summary>
    public IEnumerable<FoundModel> Models() => Folders.SelectMany(ModelsIn).DistinctBy(model => model.Name);

    private string? FindByName(string name)
    {
        foreach (string folder in Folders)
        {
            string path = Path.Join(folder, name);
            if (IsDiffusersFolder(path) || File.Exists(path))
                return path;
            foreach (string extension in s_extensions)
            {
                if (File.Exists(path + extension))
                    return path + extension;
            }
        }

        return null;
    }

    private static IEnumerable<FoundModel> ModelsIn(string folder)
    {
        IEnumerable<string> folders = Directory.EnumerateDirectories(folder).Where(IsDiffusersFolder);
        IEnumerable<string> files = Directory.EnumerateFiles(
            folder).Where(file => s_extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));
        return folders.Select(path => new FoundModel(Path.GetFileName(path), path, "diffusers folder"))
            .Concat(files.Select(path => new FoundModel(Path.GetFileNameWithoutExtension(path), path, "single file")))
            .OrderBy(model => model.Name, StringComparer.Ordinal);
    }

    private static bool IsDiffusersFolder(string path) =>
        Directory.Exists(path) && (File.Exists(Path.Join(path, "model_index.json")) || Directory.Exists(Path.Join(path, "unet")));

    private static IEnumerable<string> Upward(string folder)
    {
        for (DirectoryInfo? at = new(Path.GetFullPath(folder)); at is not null; at = at.Parent)
            yield return at.FullName;
    }

    private CliException NotFound(string model)
    {
        List<string> present = [.. Models().Select(found => found.Name)];
        string found = present.Count == 0 ? "No model was found there." : $"Models found there: {string.Join(", ", present)}.";
        string places = string.Join(Environment.NewLine, Searched.Select(folder => $"  {folder}{(Directory.Exists(folder) ? "" : " (does not exist)")}"));
        return new CliException(
            $"There is no model '{model}'. It is neither a file nor a folder, and no model of that name was found "
                + $"in{Environment.NewLine}{places}{Environment.NewLine}{found}{Environment.NewLine}"
            + $"To get one, put a Stable Diffusion 1.5 checkpoint (.safetensors, .ckpt, or a diffusers folder) into one of these folders, name its path with "
            + $"--model, or set {Variable} to the folder that holds it.");
    }
}
