package dev.sluice.control.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What help says of commands. Stateless. */
final class Descriptions {
    private static final Pattern END_OF_SENTENCE = Pattern.compile("\\. (?=[A-Z])");

    private Descriptions() {}

    /** Lists of commands show the first line of a description: it becomes its first sentence. */
    static void beginWithASentence(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        String whole = String.join(" ", usage.description());
        Matcher end = END_OF_SENTENCE.matcher(whole);
        if (end.find()) {
            usage.description(
                    whole.substring(0, end.start() + 1), whole.substring(end.start() + 2));
        } else {
            usage.description(whole);
        }
        command.getSubcommands().values().forEach(Descriptions::beginWithASentence);
    }
}
