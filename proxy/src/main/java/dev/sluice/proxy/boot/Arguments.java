package dev.sluice.proxy.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.NodeNames;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The command line of {@code sluice proxy}. Immutable.
 *
 * @param config path of the bootstrap; empty when help is asked for
 * @param node what of the bootstrap's {@code node} is said here instead
 * @param state folder of the last good state; empty: nothing is remembered
 * @param eventLoops threads that serve traffic; empty: the default
 * @param adminToken file with the token of admin pages that harm traffic; empty: these are refused
 * @param processFaults whether holders of this token may harm the process itself
 * @param handOver where this process takes the place of another; empty: it is alone
 * @param tapRedact headers, lower-case, whose values taps do not show, beside the usual ones
 * @param logLevel {@code error}, {@code warn} (default), {@code info} or {@code debug}
 * @param help only the usage is asked for
 */
record Arguments(
        Optional<String> config,
        NodeNames node,
        Optional<String> state,
        OptionalInt eventLoops,
        Optional<String> adminToken,
        boolean processFaults,
        Optional<String> handOver,
        Set<String> tapRedact,
        String logLevel,
        boolean help) {
    static final String USAGE =
            """
            usage: sluice proxy -c FILE [options]

              -c, --config-path FILE   Envoy bootstrap, YAML or JSON
              --service-node ID        node.id, whatever the bootstrap says (default: what it says)
              --service-cluster NAME   node.cluster, likewise
              --service-zone ZONE      node.locality.zone, likewise
              --state FOLDER           remembers here what the management server said (default: nowhere)
              --event-loops N          threads that serve traffic, 1..256 (default: 2, or 1 on one core)
              --admin-token FILE       token of the admin pages about faults (default: they are refused)
              --allow-process-faults   with this token, the process itself may be harmed, too (default: it may not)
              --hand-over SOCKET       takes over from the process that listens at this UNIX socket, then listens there
              --tap-redact NAME,...    headers whose values taps do not show, beside the usual ones (default: none)
              --log-level LEVEL        error, warn, info or debug (default: warn)
              -h, --help               this text
            """;

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]{1,256}");

    private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug");

    static Parsed<Arguments> parse(String... args) {
        List<Problem> problems = new ArrayList<>();
        Optional<String> config = Optional.empty();
        Optional<String> node = Optional.empty();
        Optional<String> cluster = Optional.empty();
        Optional<String> zone = Optional.empty();
        Optional<String> state = Optional.empty();
        OptionalInt loops = OptionalInt.empty();
        Optional<String> token = Optional.empty();
        boolean processFaults = false;
        Optional<String> handOver = Optional.empty();
        Set<String> tapRedact = Set.of();
        Optional<String> level = Optional.empty();
        boolean help = false;
        Iterator<String> rest = List.of(args).iterator();
        while (rest.hasNext() && !help) {
            String option = rest.next();
            switch (option) {
                case "-h", "--help" -> help = true;
                case "-c", "--config-path" -> config = value(option, rest, problems);
                case "--service-node" -> node = name(option, rest, problems);
                case "--service-cluster" -> cluster = name(option, rest, problems);
                case "--service-zone" -> zone = name(option, rest, problems);
                case "--state" -> state = value(option, rest, problems);
                case "--event-loops" -> loops = loops(value(option, rest, problems), problems);
                case "--admin-token" -> token = value(option, rest, problems);
                case "--allow-process-faults" -> processFaults = true;
                case "--hand-over" -> handOver = value(option, rest, problems);
                case "--tap-redact" -> tapRedact = names(value(option, rest, problems), problems);
                case "--log-level" -> level = value(option, rest, problems);
                default ->
                        problems.add(
                                new Problem(
                                        "",
                                        "argument " + Problem.quote(option),
                                        "an option of 'sluice proxy'",
                                        "see 'sluice proxy --help'"));
            }
        }
        Arguments read =
                new Arguments(
                        config,
                        new NodeNames(node, cluster, zone),
                        state,
                        loops,
                        token,
                        processFaults,
                        handOver,
                        tapRedact,
                        level.map(word -> word.toLowerCase(Locale.ROOT)).orElse("warn"),
                        help);
        if (!help) {
            check(read, problems);
        }
        return help || problems.isEmpty() ? Parsed.ok(read) : new Parsed.Refused<>(problems);
    }

    private static void check(Arguments read, List<Problem> problems) {
        if (read.config.isEmpty()) {
            problems.add(
                    new Problem("-c", "nothing", "path of an Envoy bootstrap", "give -c FILE"));
        }
        if (!LEVELS.contains(read.logLevel)) {
            problems.add(
                    new Problem(
                            "--log-level",
                            Problem.quote(read.logLevel),
                            "error, warn, info or debug",
                            "correct the word"));
        }
        if (read.processFaults && read.adminToken.isEmpty()) {
            problems.add(
                    new Problem(
                            "--allow-process-faults",
                            "no --admin-token",
                            "a token, which guards these faults",
                            "give --admin-token FILE, too"));
        }
    }

    private static Optional<String> value(
            String option, Iterator<String> rest, List<Problem> problems) {
        if (rest.hasNext()) {
            return Optional.of(rest.next());
        }
        problems.add(new Problem(option, "nothing", "a value", "give one after " + option));
        return Optional.empty();
    }

    /** A value that is not empty: an unset variable of a script names nobody. */
    private static Optional<String> name(
            String option, Iterator<String> rest, List<Problem> problems) {
        Optional<String> name = value(option, rest, problems);
        if (name.filter(String::isBlank).isEmpty()) {
            return name;
        }
        problems.add(
                new Problem(
                        option,
                        Problem.quote(name.get()),
                        "a name",
                        "give one, or leave the option out"));
        return Optional.empty();
    }

    private static Set<String> names(Optional<String> text, List<Problem> problems) {
        Set<String> names = new TreeSet<>();
        for (String name : text.orElse("").split(",", -1)) {
            String lower = name.strip().toLowerCase(Locale.ROOT);
            if (NAME.matcher(lower).matches()) {
                names.add(lower);
            } else if (text.isPresent()) {
                problems.add(
                        new Problem(
                                "--tap-redact",
                                Problem.quote(name.strip()),
                                "names of headers with commas between them",
                                "correct the name"));
            }
        }
        return names;
    }

    private static OptionalInt loops(Optional<String> text, List<Problem> problems) {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int loops = Integer.parseInt(text.get());
            if (loops >= 1 && loops <= 256) {
                return OptionalInt.of(loops);
            }
        } catch (NumberFormatException notANumber) {
            // reported below like a number out of range
        }
        problems.add(
                new Problem(
                        "--event-loops",
                        Problem.quote(text.get()),
                        "1..256",
                        "correct the number"));
        return OptionalInt.empty();
    }
}
