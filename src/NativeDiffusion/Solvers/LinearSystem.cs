namespace NativeDiffusion.Solvers;

/// <summary>Small systems of linear equations.</summary>
internal static class LinearSystem
{
    /// <summary>Gaussian elimination with partial pivoting; the last column is the right-hand side. The matrix is overwritten.</summary>
    public static double[] Solve(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        for (int column = 0; column < n; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < n; row++)
                if (Math.Abs(matrix[row, column]) > Math.Abs(matrix[pivot, column])) pivot = row;
            for (int k = column; k <= n; k++) (matrix[column, k], matrix[pivot, k]) = (matrix[pivot, k], matrix[column, k]);
            for (int row = 0; row < n; row++)
            {
                if (row == column) continue;
                double factor = matrix[row, column] / matrix[column, column];
                for (int k = column; k <= n; k++) matrix[row, k] -= factor * matrix[column, k];
            }
        }

        double[] solution = new double[n];
        for (int row = 0; row < n; row++) solution[row] = matrix[row, n] / matrix[row, row];
        return solution;
    }
}
