namespace NativeDiffusion.Randomness;

/// <summary>
/// One picture's noise as in A1111: the first call is the initial latent, with variation seed and seed resize; further calls are the
/// sampler's, from the same stream or, with an eta noise seed delta, from a new one.
/// </summary>
public sealed class A1111Noise : INoiseSource
{
    private readonly NoiseOrigin _origin;
    private readonly ulong _seed;
    private readonly A1111NoiseOptions _options;
    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;
    private INoiseSource _stream;
    private bool _started;

    /// <summary>Creates the noise of one picture.</summary>
    /// <param name="origin">The generator ("RNG": GPU, CPU or NV).</param>
    /// <param name="seed">The picture's own seed: in a batch the first seed plus the picture's index.</param>
    /// <param name="options">Variation, resize and delta.</param>
    /// <param name="channels">Latent channels, 4.</param>
    /// <param name="height">Latent height: picture height / 8.</param>
    /// <param name="width">Latent width: picture width / 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is not positive, or the strength is outside 0 to 1.</exception>
    public A1111Noise(NoiseOrigin origin, ulong seed, A1111NoiseOptions options, int channels, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (options.VariationStrength is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.VariationStrength, "VariationStrength must be between 0 and 1.");
        _origin = origin;
        _seed = seed;
        _options = options;
        _channels = channels;
        _height = height;
        _width = width;
        _stream = origin.Create(seed);
    }

    /// <summary>Draws the initial latent [C, H, W] at the first call, a step's noise afterwards.</summary>
    /// <param name="destination">C·H·W numbers.</param>
    /// <exception cref="ArgumentException">The length is different.</exception>
    public void Normal(Span<float> destination)
    {
        if (destination.Length != _channels * _height * _width)
            throw new ArgumentException(
                $"This picture's noise has {_channels}x{_height}x{_width} numbers, but {destination.Length} were requested.", nameof(destination));
        if (_started)
        {
            _stream.Normal(destination);
            return;
        }

        _started = true;
        Initial(destination);
        if (_options.EtaNoiseSeedDelta != 0) _stream = _origin.Create(unchecked(_seed + (ulong)_options.EtaNoiseSeedDelta));
    }

    private void Initial(Span<float> destination)
    {
        bool resize = _options.ResizeFromHeight > 0 && _options.ResizeFromWidth > 0
            && (_options.ResizeFromHeight != _height || _options.ResizeFromWidth != _width);
        int height = resize ? _options.ResizeFromHeight : _height;
        int width = resize ? _options.ResizeFromWidth : _width;

        _stream.Normal(destination);
        if (!resize && _options.VariationStrength == 0) return;

        float[] noise = new float[_channels * height * width];
        if (resize) _origin.Create(_seed).Normal(noise);
        else destination.CopyTo(noise);

        if (_options.VariationStrength != 0)
        {
            float[] variation = new float[noise.Length];
            _origin.Create(_options.VariationSeed).Normal(variation);
            SphericalInterpolation.Blend(_options.VariationStrength, noise, variation, _channels, height, width);
        }

        if (resize) Paste(noise, height, width, destination);
        else noise.CopyTo(destination);
    }

    // The smaller picture's noise is centred in the larger one, or the larger one's centre fills the smaller.
    private void Paste(ReadOnlySpan<float> noise, int height, int width, Span<float> destination)
    {
        // Floor division, as in Python: an odd negative margin goes to the far side.
        int left = (_width - width) >> 1;
        int top = (_height - height) >> 1;
        int columns = left >= 0 ? width : width + 2 * left;
        int rows = top >= 0 ? height : height + 2 * top;
        int sourceLeft = Math.Max(-left, 0), sourceTop = Math.Max(-top, 0);
        left = Math.Max(left, 0);
        top = Math.Max(top, 0);
        for (int c = 0; c < _channels; c++)
        {
            for (int y = 0; y < rows; y++)
            {
                noise.Slice((c * height + sourceTop + y) * width + sourceLeft, columns)
                    .CopyTo(destination.Slice((c * _height + top + y) * _width + left, columns));
            }
        }
    }
}
