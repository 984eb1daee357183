using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Every native signature is blittable: nothing is converted behind our back.
[assembly: DisableRuntimeMarshalling]
// The library search of the driver room decides first; what it leaves goes to the platform's own safe places.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
