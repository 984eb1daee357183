namespace NativeDiffusion.Cuda.Compilation;

/// <summary>What the cache of kernels does to a disk. Apart, so that a disk can be played that is full, read-only or broken.</summary>
internal class CacheDisk
{
    /// <summary>A whole file, or null if there is none.</summary>
    public virtual byte[]? Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;

    /// <summary>Marks a file as used now.</summary>
    public virtual void Touch(string path) => File.SetLastWriteTimeUtc(path, DateTime.UtcNow);

    /// <summary>Makes a folder, if it is not there.</summary>
    public virtual void MakeFolder(string path) => Directory.CreateDirectory(path);

    /// <summary>Writes a file.</summary>
    public virtual void Write(string path, byte[] content) => File.WriteAllBytes(path, content);

    /// <summary>Renames a file, in another's place if need be; nobody ever sees a part of it.</summary>
    public virtual void Replace(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Deletes a file, if it is there.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>The files of a folder, those used longest ago first.</summary>
    public virtual IReadOnlyList<FileInfo> List(string folder) => [.. new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc)];
}
