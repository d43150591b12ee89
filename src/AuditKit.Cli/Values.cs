using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace AuditKit.Cli;

/// <summary>What values of arguments and options must be, said before any command begins.</summary>
internal static class Values
{
    /// <summary>A whole number between bounds.</summary>
    public static Option<int> Number(string name, string description, int least, int most, int otherwise) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => Parse(result, NumberStyles.AllowLeadingSign, "a whole number", least, most),
    };

    /// <summary>A number between 0 and 1, or none.</summary>
    public static Option<double?> Fraction(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "0..1",
        CustomParser = result => Parse(result, NumberStyles.Float, "a number", 0.0, 1.0),
    };

    /// <summary>A time such as 90s, 20m or 2h.</summary>
    public static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
            double unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
            if (unit > 0 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                && number > 0 && number * unit <= TimeSpan.FromDays(30).TotalSeconds)
            {
                return TimeSpan.FromSeconds(number * unit);
            }

            result.AddError($"{Name(result)} must be a time such as 90s, 20m or 2h, not '{text}'.");
            return null;
        },
    };

    /// <summary>Lets no argument and no option of a command, and of those below it, take an empty text or one with U+0000: no file has such a name.</summary>
    public static void RefuseEmpty(Command command)
    {
        foreach (Argument argument in command.Arguments)
        {
            argument.Validators.Add(result => Refuse(result, argument.Name));
        }

        foreach (Option option in command.Options)
        {
            option.Validators.Add(result => Refuse(result, option.Name));
        }

        foreach (Command below in command.Subcommands)
        {
            RefuseEmpty(below);
        }
    }

    private static void Refuse(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError($"{name} is empty.");
        }
        else if (result.Tokens.Any(token => token.Value.Contains('\0', StringComparison.Ordinal)))
        {
            result.AddError($"{name} holds the character U+0000.");
        }
    }

    private static T Parse<T>(ArgumentResult result, NumberStyles styles, string kind, T least, T most)
        where T : INumber<T>
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
        if (T.TryParse(text, styles, CultureInfo.InvariantCulture, out T? value) && value >= least && value <= most)
        {
            return value;
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{Name(result)} must be {kind} between {least} and {most}, not '{text}'."));
        return least;
    }

    private static string Name(ArgumentResult result) => result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
}
