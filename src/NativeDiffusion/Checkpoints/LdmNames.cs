namespace NativeDiffusion.Checkpoints;

/// <summary>Translates a network's names in single files to diffusers' names, by a table of its modules.</summary>
internal sealed class LdmNames
{
    private readonly Dictionary<string, LdmModule> _modules = new(StringComparer.Ordinal);

    /// <summary>Creates the table.</summary>
    /// <param name="modules">The network's modules; none lies inside another.</param>
    public LdmNames(IEnumerable<LdmModule> modules)
    {
        foreach (LdmModule module in modules) _modules.Add(module.Ldm, module);
    }

    /// <summary>Translates a tensor's name.</summary>
    /// <param name="name">The name without the network's prefix.</param>
    /// <returns><returns>diffusers' name and whether a 1x1 convolution is a linear layer there; null if it is not in the table.</returns></returns>
    public (string Name, bool Linear)? Translate(string name)
    {
        for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (_modules.TryGetValue(name[..dot], out LdmModule? module))
                return ($"{module.Diffusers}.{Inside(module.Parts, name[(dot + 1)..])}", module.Parts.Linear);
        }

        return null;
    }

    private static string Inside(LdmParts parts, string name)
    {
        foreach ((string ldm, string diffusers) in parts.Names)
        {
            if (name.StartsWith(ldm, StringComparison.Ordinal) && name.Length > ldm.Length && name[ldm.Length] == '.') return diffusers + name[ldm.Length..];
        }

        return name;
    }
}
