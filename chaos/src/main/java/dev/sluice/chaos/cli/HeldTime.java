package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.DurationText;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** How long a command may hold something: more than nothing, and at most an hour. Stateless. */
final class HeldTime {
    private static final Duration LONGEST = Duration.ofHours(1);

    private HeldTime() {}

    /**
     * @param option that the text was given for
     * @throws ParameterException when the text is no such time
     */
    static Duration parse(CommandSpec command, String option, String text) {
        return DurationText.parse(text)
                .filter(time -> time.isPositive() && time.compareTo(LONGEST) <= 0)
                .orElseThrow(() ->
                        new ParameterException(
                                command.commandLine(),
                                "%s '%s' (expected: %s, at most 1h)"
                                        .formatted(option, text, DurationText.SHAPE)));
    }
}
