namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>Functions: heads, performance directives, statements, scopes, .loc lines.</summary>
internal sealed partial class PtxParser
{
    private readonly Dictionary<(int File, int Line, int Column), SourceLocation> _inlined = [];
    /// <summary>The maximum registers of one declaration; compilers number theirs from one, tens of thousands in the largest kernels.</summary>
    private const int MaxRegisters = 1 << 20;

    private PtxFunction _function = null!;
    private PtxScope _scope = null!;
    private SourceLocation? _location;

    private void Function(bool isEntry)
    {
        IReadOnlyList<PtxVariable> returns = Current.Is('(') ? Parameters() : [];
        Token name = Take(TokenKind.Identifier, "a function's name");
        var function = new PtxFunction(name.Text, isEntry, name.Line) { Returns = returns };
        if (Current.Is('(')) function.Parameters = Parameters();
        while (Current.Kind == TokenKind.DotWord) PerformanceDirective(function);
        if (TryTake(';'))
        {
            _module.Functions.TryAdd(function.Name, function);
            return;
        }
        if (_module.Functions.TryGetValue(function.Name, out PtxFunction? earlier) && earlier.HasBody)
            throw new PtxException($"'{function.Name}' is defined twice.", name.Line);
        _module.Functions[function.Name] = function;
        function.HasBody = true;
        _function = function;
        _location = null;
        _inlined.Clear();
        _scope = new PtxScope(_module.Scope);
        foreach (PtxVariable parameter in function.Returns.Concat(function.Parameters)) _scope.Variables[parameter.Name] = parameter;
        Expect('{');
        while (!TryTake('}')) Statement();
    }

    private void PerformanceDirective(PtxFunction function)
    {
        Token word = _tokens[_at++];
        switch (word.Text)
        {
            case "maxntid":
                function.MaxThreads = Dimensions();
                break;
            case "reqntid":
                function.RequiredThreads = Dimensions();
                break;
            case "minnctapersm":
                function.MinBlocks = (int)Integer("a number of blocks");
                break;
            case "maxnreg":
                function.MaxRegisters = (int)Integer("a number of registers");
                break;
            case "maxnctapersm" or "abi_preserve" or "abi_preserve_control":
                _ = Integer("a number");
                break;
            case "noreturn":
                break;
            case "reqnctapercluster":
                function.WantsCluster = Dimensions() is not (1, 1 or 0, 1 or 0);
                break;
            case "maxclusterrank":
                function.WantsCluster |= Integer("a number of blocks") > 1;
                break;
            case "explicitcluster" or "blocksareclusters":
                function.WantsCluster = true;
                break;
            case "pragma":
                Take(TokenKind.Text, "a pragma's text");
                TryTake(';');
                break;
            default:
                throw new PtxException($"directive '.{word.Text}' is not supported on a function.", word.Line);
        }
    }

    private (int X, int Y, int Z) Dimensions()
    {
        int x = (int)Integer("a number of threads"), y = 1, z = 1;
        if (TryTake(',')) y = (int)Integer("a number of threads");
        if (TryTake(',')) z = (int)Integer("a number of threads");
        return (x, y, z);
    }

    private void Statement()
    {
        if (Current.Kind == TokenKind.End) throw Wrong("'}'");
        if (TryTake(';')) return;
        if (TryTake('{'))
        {
            Enter();
            _scope = new PtxScope(_scope);
            while (!TryTake('}')) Statement();
            _scope = _scope.Parent!;
            Leave();
        }
        else if (Current.Kind == TokenKind.DotWord) Declaration();
        else if (Current.Kind == TokenKind.Identifier && _tokens[_at + 1].Is(':')) Label();
        else Instruction();
    }

    private void Label()
    {
        Token name = _tokens[_at];
        _at += 2;
        if (Current is { Kind: TokenKind.DotWord, Text: "branchtargets" or "calltargets" })
        {
            _at++;
            var targets = new List<string>();
            do targets.Add(Take(TokenKind.Identifier, "a target").Text);
            while (TryTake(','));
            Expect(';');
            _scope.Tables[name.Text] = targets;
        }
        else if (TryDot("callprototype")) Prototype(name);
        else if (!_scope.Labels.TryAdd(name.Text, new PtxLabel(name.Text, _function.Instructions.Count)))
            throw new PtxException($"label '{name.Text}' is defined twice in one scope.", name.Line);
    }

    private void Prototype(Token name)
    {
        IReadOnlyList<PtxVariable> returns = Current.Is('(') ? Parameters() : [];
        Take(TokenKind.Identifier, "'_'");
        IReadOnlyList<PtxVariable> parameters = Current.Is('(') ? Parameters() : [];
        while (Current.Kind == TokenKind.DotWord) _at++;
        Expect(';');
        _scope.Prototypes[name.Text] = new PtxPrototype(name.Text, returns, parameters);
    }

    private void Declaration()
    {
        Token word = _tokens[_at++];
        switch (word.Text)
        {
            case "reg":
                Registers();
                break;
            case "local" or "shared" or "param" or "const" or "global":
                LocalVariables(word);
                break;
            case "loc":
                Location();
                break;
            case "pragma":
                Take(TokenKind.Text, "a pragma's text");
                Expect(';');
                break;
            default:
                throw new PtxException($"directive '.{word.Text}' is not supported inside a function.", word.Line);
        }
    }

    private void Registers()
    {
        int line = Current.Line;
        PtxType type = PtxType.None;
        while (Current.Kind == TokenKind.DotWord)
        {
            Token word = _tokens[_at++];
            type = PtxTypes.Parse(word.Text);
            if (type == PtxType.None) throw new PtxException($"'.{word.Text}' is not a register type.", word.Line);
        }
        if (type == PtxType.None) throw Wrong("a type");
        do
        {
            string name = Take(TokenKind.Identifier, "a register's name").Text;
            if (!TryTake('<'))
            {
                Declare(name, type, line);
                continue;
            }
            long count = Integer("a number of registers");
            if (count is < 0 or > MaxRegisters) throw new PtxException($"{count} registers '{name}' cannot be declared; the maximum is {MaxRegisters}.", line);
            Expect('>');
            for (long i = 0; i < count; i++) Declare(string.Create(null, $"{name}{i}"), type, line);
        }
        while (TryTake(','));
        Expect(';');
    }

    private void Declare(string name, PtxType type, int line)
    {
        var register = new PtxRegister(name, type, _function.Registers.Count);
        if (!_scope.TryDeclare(register)) throw new PtxException($"register '{name}' is declared twice.", line);
        _function.Registers.Add(register);
    }

    private void LocalVariables(Token space)
    {
        foreach (PtxVariable variable in Variables(Space(space), false))
        {
            _scope.Variables[variable.Name] = variable;
            // Those of the module's spaces are only referenced here.
            if (variable.Space is StateSpace.Const or StateSpace.Global) _module.Variables[_function.Name + "." + variable.Name] = variable;
            else _function.Variables.Add(variable);
        }
    }

    private void Location()
    {
        (int File, int Line, int Column) place = Place();
        (int File, int Line, int Column)? caller = null;
        while (TryTake(','))
        {
            string word = Take(TokenKind.Identifier, "function_name or inlined_at").Text;
            if (word == "inlined_at") caller = Place();
            else
            {
                Take(TokenKind.Identifier, "a label");
                if (TryTake('+')) _ = Integer("an offset");
            }
        }
        SourceLocation? inlinedAt = null;
        if (caller is { } at && !_inlined.TryGetValue(at, out inlinedAt)) inlinedAt = new SourceLocation(File(at.File), at.Line, at.Column, null);
        _location = new SourceLocation(File(place.File), place.Line, place.Column, inlinedAt);
        if (inlinedAt is not null) _inlined[place] = _location;
    }

    private (int File, int Line, int Column) Place() => ((int)Integer("a file"), (int)Integer("a line"), (int)Integer("a column"));

    private string File(int index) => _files.GetValueOrDefault(index, "?");
}
