using System.Globalization;
using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Tests.Imaging.Augmentations;

/// <summary>
/// Held against Pillow 9.4.0 on an image of 7×5 pixels: <c>transform(size, AFFINE, …)</c>, <c>rotate(angle)</c> (and with
/// <c>resample=BILINEAR</c>),
/// <c>ImageOps.solarize</c> … and <c>ImageEnhance.X(image).enhance(factor)</c>, the samples as hexadecimal digits.
/// </summary>
public sealed class PillowTests
{
    [Theory]
    [InlineData(1, "shear-x 0.3", "0a395e83a8cdf2518bc5ff3973addd2c7bca1968002f93f75bbf230081fa73ec65de00")]
    [InlineData(1, "rotate 17", "005e83a8cd73ad0a39c5ff391968518b2c7bcabf238edd93f75b65decb2f81fa73ec00")]
    [InlineData(1, "rotate -30", "00518b5e830000cbdd2cffffa8cd082f937bca73ad81faf75bca19ad000073ecbf2300")]
    [InlineData(1, "autocontrast", "0232587ea5cbf14b87c3ff326eaa8adb2576c81163c9288ff655bc1b007cf96eeb60dc")]
    [InlineData(1, "equalize", "0a395e83a8cdf2518bc5ff3973ad8edd2c7bca1968cb2f93f75bbf230881fa73ec65de")]
    [InlineData(1, "contrast 0.4", "5669778695a4b37289a1b86980978baa6383a35c7ba3658db5769e605585b680b07aab")]
    [InlineData(1, "contrast 1.9", "0000377dc3ffff1e8cfbff005fcd92ff006eff004aff009cff31ef000079ff5fff44ff")]
    [InlineData(1, "sharpness 0.1", "0a395e83a8cdf25179a1b76e85ad8ea7738da64e68cb6493c17e9b230881fa73ec65de")]
    [InlineData(1, "sharpness 1.9", "0a395e83a8cdf2519de8ff0361ad8eff0069ed0068cb0093ff37e2230881fa73ec65de")]
    [InlineData(3, "shear-x 0.3", "0a0a0a398cdf5eb10483d629a8fb4ecd2073f2459851a4f78be53fc52687ff67cf39a81773e95fad2aa7dd3e9f2c9b0a7bf875ca55e019b24b680fb60000002f97ff93108df7891b5b02a9bf7b3723f4c500000081f05ffa8510731ac1ecaf72654423ded9d4000000")]
    [InlineData(3, "shear-y -0.21", "0a0a0a398cdf00000000000000000000000000000051a4f78be53f5eb10483d629a8fb4ecd2073f245988ee134dd3e9fc52687ff67cf39a81773e95fad2aa7cb1e712f97ff2c9b0a7bf875ca55e019b24b680fb6085bae81f05f93108df7891b5b02a9bf7b3723f4c5")]
    [InlineData(3, "translate-x 2", "5eb10483d629a8fb4ecd2073f24598000000000000c52687ff67cf39a81773e95fad2aa70000000000002c9b0a7bf875ca55e019b24b680fb600000000000093108df7891b5b02a9bf7b3723f4c5000000000000fa8510731ac1ecaf72654423ded9d4000000000000")]
    [InlineData(3, "translate-y -1.7", "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000a0a0a398cdf5eb10483d629a8fb4ecd2073f2459851a4f78be53fc52687ff67cf39a81773e95fad2aa78ee134dd3e9f2c9b0a7bf875ca55e019b24b680fb6")]
    [InlineData(3, "rotate 17", "0000005eb10483d629a8fb4ecd207373e95fad2aa70a0a0a398cdfc52687ff67cf39a81719b24b680fb651a4f78be53f2c9b0a7bf875ca55e0bf7b3723f4c58ee134dd3e9f93108df7891b5b02a9654423ded9d4cb1e712f97ff81f05ffa8510731ac1ecaf72000000")]
    [InlineData(3, "rotate -30", "00000051a4f78be53f5eb10483d629000000000000cb1e71dd3e9f2c9b0aff67cfff67cfa8fb4ecd2073085bae2f97ff93108d7bf875ca55e073e95fad2aa781f05ffa8510f7891b5b02a9ca55e019b24bad2aa7000000000000731ac1ecaf72bf7b3723f4c5000000")]
    [InlineData(3, "autocontrast", "020806328dde58b3007ed925a5ff4bcb1e70f144964ba5f687e83bc32485ff67ce32aa136eec5caa28a58ae430db3d9d259c0676fb72c855df11b448630db4c91c6e2898ff8f0e8bf68a175500a7bc7b331bf7c4005bac7cf35cf9860c6e18c0ebb16f60431fdcdcd3")]
    [InlineData(3, "equalize", "0a0a0a398cdf5eb10483d629a8fb4ecd2073f2459851a4f78be53fc52687ff67cf39a81773e95fad2aa78ee134dd3e9f2c9b0a7bf875ca55e019b24b680fb6cb1e712f97ff93108df7891b5b02a9bf7b3723f4c5085bae81f05ffa8510731ac1ecaf72654423ded9d4")]
    [InlineData(3, "solarize 100", "0a0a0a3973205e4e047c292957044e32208c0d4567515b08741a3f3a26780098303957178c165f522a58711e34223e602c640a84078a35551f194d4b970f49341e8e2f68006c107208761b5b0256408437230b3a085b517e0f5f057a108c1a3e13508d9a442321262b")]
    [InlineData(3, "posterize 3", "0000002080c040a00080c020a0e040c02060e0408040a0e080e020c02080e060c020a00060e040a020a080e020c0208020800060e060c040e000a0406000a0c000602080e0800080e080004000a0a0602020e0c00040a080e040e080006000c0e0a060604020c0c0c0")]
    [InlineData(3, "contrast 0.4", "5252526486a773944f82a35e91b26da05a7cae698a6e8fb085a9679c5d84b477a06491577cab74935e9086a862a6668d5f8c527fb17c9e70a758956c7754969f5a7b608ab4885486b08458724e919a7f645caf9c51729381ae74b283547c589bac947b76695ca6a4a2")]
    [InlineData(3, "contrast 1.9", "0000000095ff3ddb0083ff00caff1fff0065ff0eab24c2ff93ff02ff008bff4eff00ca0065ff3fd300c898ff00ff00b900b10074ff69ff2cff00dd195000e4ff006100a9ffa20096ff8f003700ccf5740000ffff0037d580ff3fff87006500f9ffd7634a0c00ffffff")]
    [InlineData(3, "color 0.1", "0a0a0a767e86808877a5ad9ccad2c168565f8d7b848e969eb2bbab6b5b64a99aa46f7b6cafbbad665966b0b8a783737c626e5fbcc9bc8e82906f7e7441384966545d7b85904c3f4ca69b90342b3c8d867fa1b6b2454d55b7c3b4a4988d4c4354bfb8b24c4946dad9d9")]
    [InlineData(3, "color 1.7", "0a0a0a0996ff43d00068f5008dff00ff0082ff1aa721aeff6cff00ff00a1ff3fef0ecb0044ff22e304d973ff00ff14b901be0047ff3df831ff00d92a8600ffff008000a4ffc900bfff7b007900fde5710000ffd30065f256ff1cff75009100ffffa73f773f07e0d8cf")]
    [InlineData(3, "brightness 0.35", "03030313314e203d012d4a0e3a571b470b285418351c3956305016440d2f592448133a082851213c0e3a314e124d15370f36032b5628461d4e083e1a24053f470a27103459330531562f091f003b422b130c5544021f3c2d5421572e05280943523d2723170c4d4b4a")]
    [InlineData(3, "brightness 1.6", "1010105be0ff96ff06d1ff41ffff7cff33b8ff6ef381ffffdeff64ff3cd8ffa4ff5bff24b8ff98ff43ffe3ff53ff63fe46f810c4ffbbff88ff28ff78a618ffff30b44bf1ffeb19e1ffdb2b9103ffffc45838ffff0c91ffceff98ffd419b829ffffffb6a16c38ffffff")]
    [InlineData(3, "sharpness 0.1", "0a0a0a398cdf5eb10483d629a8fb4ecd2073f2459851a4f779a956a16d75b78a876ea84c85a171ad2aa78ee134a7618d7389518d9f75a678984e8e6e680fb6cb1e716485a693577bc177507e49859b7b6c23f4c5085bae81f05ffa8510731ac1ecaf72654423ded9d4")]
    [InlineData(3, "sharpness 1.9", "0a0a0a398cdf5eb10483d629a8fb4ecd2073f2459851a4f79dff27e80099ff43ff03a80061ff4dad2aa78ee134ff1ab100ad0069ff75ed31ff00d527680fb6cb1e7100a9ff93009fff9b003700cce27b0123f4c5085bae81f05ffa8510731ac1ecaf72654423ded9d4")]
    public void Pixels_equal_Pillows(int channels, string operation, string expected)
        => Assert.Equal(expected, Convert.ToHexStringLower(Apply(Sample(channels), operation).Samples));

    [Theory]
    [InlineData(1, "shear-x 0.3", "113e6388add2f26ba5dfa5538dadc95867b64554003497ef5fb72300abca9dbc8fde00")]
    [InlineData(1, "shear-y -0.21", "0a39000000000049718ea3a1cdf287c37cdc4080c6c4655c9bc326811c67c3d462a53c")]
    [InlineData(1, "translate-x 2", "5e83a8cdf20000c5ff3973ad00002c7bca1968000093f75bbf230000fa73ec65de0000")]
    [InlineData(1, "translate-y -1.7", "00000000000000000000000000001f517ca886b2dd63a397d7645898a0a84aa0a84a53")]
    [InlineData(1, "rotate 17", "0051759796a9af2a70bdc264496d60a95b7ba97b3c929e6ed49c989fc46a95c19fbf00")]
    [InlineData(1, "rotate -30", "00727f797e0000b4ba85cea8a2d062496b7b8963bc75d0c1a8853693000083c5a44e00")]
    [InlineData(3, "shear-x 0.3", "111d293e91be63b60988db2eadda53d22578f245986bc1a4a58f5fdf43a7a5847c53c5378d937fad2aa7c9668458832f67e05ab67dc5459a7054379b0000003490f9971687ef82225f08a3b7813e23f4c5000000abca43ca5f4d9d4ea5bc89568f7860ded9d4000000")]
    [InlineData(3, "shear-y -0.21", "0a0a0a398cdf0000000000000000000000000000004993de71c8718e6e42a3b854a1f64acd2073f2459887da48c372807c5d4bdc8db740a32280c962c633a1c4326a657ae05c58489bda5dc350dc26ba4e8118b01c54a767d391c34751d46b46620ba5a5833a3ca0bf")]
    [InlineData(3, "translate-x 2", "5eb10483d629a8fb4ecd2073f24598000000000000c52687ff67cf39a81773e95fad2aa70000000000002c9b0a7bf875ca55e019b24b680fb600000000000093108df7891b5b02a9bf7b3723f4c5000000000000fa8510731ac1ecaf72654423ded9d4000000000000")]
    [InlineData(3, "translate-y -1.7", "0000000000000000000000000000000000000000000000000000000000000000000000000000000000001f385151a6af7c872ba8b45a86e23db25c6ddd3c9c63b6bca3b25b974961d792b4648f5358d8599821aba0a646a858bb4a7131a0d65aa83ccf4aa1455353ba")]
    [InlineData(3, "rotate 17", "00000051a44b75c81b97e341969f54a96d83af2aa62a566f709b75bd5c7bc27d98649e5949a2656d11b460b0cba999655b7c327bf875a943ca7b884a3cccb192d1389e6aaa6e4d80d46a3d9c427e985e509fa089c420736a73a7959871c156599f51a3bf8b58000000")]
    [InlineData(3, "rotate -30", "00000072b5a67fbd64798b277ed124000000000000b4655aba6691857450ce589ca8a36ca2c550d0237662729c4972e06b634b7bf87589858063d74bbc568975e166d08f34c1525aa8526b855c9a3692659320ac000000000000832db6c58080a465404eaa9d000000")]
    public void Bilinear_pixels_equal_Pillows(int channels, string operation, string expected)
        => Assert.Equal(expected, Convert.ToHexStringLower(Apply(Sample(channels), operation, bilinear: true).Samples));

    // Levels are cut to whole ones, so that the last bit of a coordinate shows: the samples' SHA-256 on an image of 32×32 pixels.
    [Theory]
    [InlineData("shear-x 0.3", "2be4e17128691196887b10e4fad8d9a50683c3666f0bb7f45e1a426e2380f6f8")]
    [InlineData("shear-x -0.3", "8eee8a79405e8b4166d77cd8bb74a135bbadefdcedc3f976e104defd2baf4bdf")]
    [InlineData("shear-y 0.2", "6821755c3fbaaa49dc743a47c729d2d94d94a0faaee7fca6b9e720393c9bcba6")]
    [InlineData("rotate 11", "6b3f9d5b5a02e092d9d4f1fc96b8648bfa1a1f8553a36a6b4baf105aad23e65b")]
    public void Bilinear_pixels_of_a_larger_image_equal_Pillows(string operation, string expected)
    {
        var image = new Image(32, 32, 1);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, 32);
            image.Samples[i] = (byte)((7 * x * x) + (13 * y * y) + (29 * x * y) + (5 * x) + (11 * y));
        }

        Assert.Equal(expected, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Apply(image, operation, bilinear: true).Samples)));
    }

    [Fact]
    public void Solarize_add_lies_half_way_to_solarize()
    {
        var image = new Image(4, 1, 1, [0, 127, 128, 255]);
        Assert.Equal([0, 127, 127, 127], PointOperations.SolarizeAdd(image, 128).Samples);
        Assert.Equal(image.Samples, PointOperations.SolarizeAdd(image, 256).Samples);
    }

    [Fact]
    public void An_image_of_one_level_has_no_contrast_to_stretch()
    {
        var flat = new Image(3, 2, 1, [9, 9, 9, 9, 9, 9]);
        Assert.Equal(flat.Samples, PointOperations.AutoContrast(flat).Samples);
        Assert.Equal(flat.Samples, PointOperations.Equalize(flat).Samples);
    }

    private static Image Apply(Image image, string operation, bool bilinear = false)
    {
        string[] words = operation.Split(' ');
        double strength = words.Length > 1 ? double.Parse(words[1], CultureInfo.InvariantCulture) : 0;
        return words[0] switch
        {
            "shear-x" => Affine.ShearX(image, strength, bilinear),
            "shear-y" => Affine.ShearY(image, strength, bilinear),
            "translate-x" => Affine.TranslateX(image, strength, bilinear),
            "translate-y" => Affine.TranslateY(image, strength, bilinear),
            "rotate" => Affine.Rotate(image, strength, bilinear),
            "autocontrast" => PointOperations.AutoContrast(image),
            "equalize" => PointOperations.Equalize(image),
            "solarize" => PointOperations.Solarize(image, strength),
            "posterize" => PointOperations.Posterize(image, (int)strength),
            "contrast" => Enhancement.Contrast(image, strength),
            "color" => Enhancement.Color(image, strength),
            "brightness" => Enhancement.Brightness(image, strength),
            _ => Enhancement.Sharpness(image, strength),
        };
    }

    private static Image Sample(int channels)
    {
        var image = new Image(7, 5, channels);
        for (int y = 0; y < 5; y++)
        {
            for (int x = 0; x < 7; x++)
            {
                for (int c = 0; c < channels; c++)
                {
                    image.Samples[(((y * 7) + x) * channels) + c] = (byte)(x + y == 0 ? 10 : (37 * x) + (61 * y) + (83 * c) + (x * y * (c + 3) * 7) + 20);
                }
            }
        }

        return image;
    }
}
