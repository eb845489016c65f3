package dev.sluice.control.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * The table of commands in docs/reference/control.md holds the commands that there are, no more.
 */
class CommandsPageTest {
    private static final Path PAGE = Path.of("../docs/reference/control.md");
    private static final Pattern COMMAND = Pattern.compile("`([a-z -]+?)(?: -.*?)?`");

    @Test
    void every_command_has_its_place_and_every_place_its_command() throws IOException {
        try (var run = new CommandRun()) {
            Set<String> commands = new HashSet<>();
            collect("", CommandTree.commands(run.surroundings()), commands);

            assertThat(commands).contains("gate kill", "apply", "approval break-glass");
            assertThat(listed()).as("commands that %s lists", PAGE).containsAll(commands);
            assertThat(commands).as("commands that there are").containsAll(listed());
        }
    }

    private static void collect(String before, CommandLine command, Set<String> commands) {
        for (CommandLine child : new HashSet<>(command.getSubcommands().values())) {
            String name = (before + " " + child.getCommandName()).strip();
            if (child.getSubcommands().isEmpty()) {
                commands.add(name);
            }
            collect(name, child, commands);
        }
    }

    private static Set<String> listed() throws IOException {
        Set<String> listed = new HashSet<>();
        String section = Files.readString(PAGE).split("\n## Commands\n", 2)[1];
        section.lines()
                .dropWhile(line -> !line.startsWith("|---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .forEach(row -> listed.addAll(row(row.split("\\|", -1)[1])));
        return listed;
    }

    /** Commands, or nouns with verbs. */
    private static List<String> row(String cell) {
        String[] parts = cell.split(" with ", 2);
        List<String> before = words(parts[0]);
        if (parts.length == 1) {
            return before;
        }
        List<String> all = new ArrayList<>();
        for (String noun : before) {
            words(parts[1]).forEach(verb -> all.add(noun + " " + verb));
        }
        return all;
    }

    private static List<String> words(String text) {
        return COMMAND.matcher(text).results().map(found -> found.group(1)).toList();
    }
}
