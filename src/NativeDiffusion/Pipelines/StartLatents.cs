using NativeDiffusion.Devices;
using NativeDiffusion.Imaging;
using NativeDiffusion.Randomness;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>
/// The initial latents of a picture: noise, or a start picture noised to the first row's level. Draws from the picture's generator in
/// diffusers' order: the posterior of the start picture, the noise, the posterior of its unmasked part.
/// </summary>
internal sealed class StartLatents(LoadedModel model, GenerationOptions options, SolverTable table, PictureSize size)
{
    private readonly int _channels = model.Vae.Config.LatentChannels;
    private (Tensor Moments, Tensor? KeptMoments, InpaintMask? Mask)? _encoded;

    private TensorShape Shape => new(1, _channels, size.LatentHeight, size.LatentWidth);

    private bool TakesMask => model.UNet.Config.InChannels == 2 * _channels + 1;

    /// <summary>Encodes the start picture, once for all pictures of the batch.</summary>
    public void Encode(CancellationToken cancellationToken)
    {
        if (options.InitImage is not { } image) return;
        float[] planes = Planes(image);
        Tensor moments = Moments(planes, cancellationToken);
        if (options.Mask is not { } picture)
        {
            _encoded = (moments, null, null);
            return;
        }

        InpaintMask mask = InpaintMask.FromImage(Fit(picture));
        mask.Blank(planes);
        // diffusers encodes the unmasked part for every model and draws its noise; only inpainting networks read it.
        Tensor? kept = TakesMask || options.Profile == SolverProfile.Diffusers ? Moments(planes, cancellationToken) : null;
        _encoded = (moments, kept, mask.Nearest(size.LatentWidth, size.LatentHeight));
    }

    /// <summary>The first state of one picture.</summary>
    /// <param name="index">Index of the picture in the batch.</param>
    /// <param name="source">Its random numbers.</param>
    /// <returns>The state before the first row, [1, C, H, W], and the inpainting parameters.</returns>
    public (Tensor Start, Inpainting? Inpainting) Begin(int index, INoiseSource source)
    {
        if (_encoded is not { } encoded) return (SolverRun.FromNoise(table, FirstNoise(index, source)).X, null);
        // Only diffusers draws from the posterior; the others' draw is not seeded, so the mean replaces it.
        Tensor picture = Sample(encoded.Moments, source);
        Tensor noise = FirstNoise(index, source);
        Tensor? kept = encoded.KeptMoments is null ? null : Sample(encoded.KeptMoments, source);
        bool isPureNoise = encoded.Mask is not null && options.Strength >= 1 && options.Profile == SolverProfile.Diffusers;
        Tensor start = (isPureNoise ? SolverRun.FromNoise(table, noise) : SolverRun.FromPicture(table, picture, noise)).X;
        if (encoded.Mask is not { } mask) return (start, null);
        var known = new KnownRegion(Spread(mask), picture);
        float[]? extra = TakesMask ? [.. mask.Values, .. kept!.Data] : null;
        return (start, new Inpainting(known, noise, options.Profile != SolverProfile.Diffusers, extra));
    }

    private Tensor FirstNoise(int index, INoiseSource source)
    {
        var noise = new Tensor(Shape);
        if (options.Latents is not { } given) source.Normal(noise.Data);
        else given.Data.AsSpan(index * noise.Data.Length, noise.Data.Length).CopyTo(noise.Data);
        return noise;
    }

    private Tensor Sample(Tensor moments, INoiseSource source)
    {
        float[] noise = new float[Shape.Count];
        if (options.Profile == SolverProfile.Diffusers) source.Normal(noise);
        return new Tensor(Shape, model.Codec.Sample(moments, noise));
    }

    private Tensor Moments(float[] planes, CancellationToken cancellationToken) =>
        model.Codec.Encode(new Tensor(new TensorShape(1, 3, size.Height, size.Width), [.. planes]), cancellationToken);

    private float[] Planes(RgbImage image)
    {
        float[] planes = new float[3 * size.Width * size.Height];
        PixelConversion.ToPlanes(Fit(image), planes);
        return planes;
    }

    private RgbImage Fit(RgbImage image) =>
        image.Width == size.Width && image.Height == size.Height ? image : image.Resize(size.Width, size.Height);

    private Tensor Spread(InpaintMask mask)
    {
        var spread = new Tensor(Shape);
        for (int c = 0; c < _channels; c++) mask.Values.CopyTo(spread.Data.AsSpan(c * mask.Values.Length));
        return spread;
    }
}
