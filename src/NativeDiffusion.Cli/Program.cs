Console.WriteLine("ndiff");
