package dev.sluice.chaos.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Sizes on the command line, such as {@code 512MiB}. Stateless. */
final class ByteSize {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)");
    private static final Map<String, Integer> BITS =
            Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30);

    private ByteSize() {}

    /**
     * In bytes.
     *
     * @param option that the text was given for
     * @throws ParameterException when the text is no size of so many bytes
     */
    static long parse(CommandSpec command, String option, String text, long least) {
        Matcher size = SIZE.matcher(text);
        if (size.matches()) {
            long bytes = Long.parseLong(size.group(1)) << BITS.getOrDefault(size.group(2), 0);
            if (bytes >= least) {
                return bytes;
            }
        }
        throw new ParameterException(
                command.commandLine(),
                "%s '%s' (expected: %d or more B, KiB, MiB or GiB, such as 512MiB)"
                        .formatted(option, text, least));
    }
}
