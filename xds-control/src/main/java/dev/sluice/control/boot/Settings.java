package dev.sluice.control.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a control plane is started with. Immutable.
 *
 * @param admin where the admin API listens; loopback, for it is plain text; default 127.0.0.1:9720
 * @param xds where nodes connect; loopback unless plain text was allowed; default 127.0.0.1:9721
 * @param web where the status page listens; loopback; default 127.0.0.1:9722
 * @param state folder of the event log and the token; default {@code ~/.sluice/control}
 * @param restored the log was put back from a copy: sidecars may know more than it
 */
public record Settings(
        InetSocketAddress admin, InetSocketAddress xds, InetSocketAddress web, Path state, Restored restored) {
    static final String USAGE =
            """
            usage: sluice control [options]

              --listen ADDRESS:PORT       admin API, loopback only (default: 127.0.0.1:9720)
              --xds-listen ADDRESS:PORT   where nodes connect (default: 127.0.0.1:9721)
              --web-listen ADDRESS:PORT   status page, loopback only (default: 127.0.0.1:9722)
              --state FOLDER              event log and token (default: ~/.sluice/control)
              --allow-plain-text-xds      nodes may connect in the clear from other machines
              --restored                  the log was put back from a backup: raises the epoch
              -h, --help                  this text

            Port 0 takes a free one. Environment, where an option is not given: SLUICE_LISTEN, SLUICE_XDS_LISTEN,
            SLUICE_WEB_LISTEN, SLUICE_STATE.
            """;

    private static final Map<String, String> DEFAULTS = Map.of(
            "--listen", "127.0.0.1:9720",
            "--xds-listen", "127.0.0.1:9721",
            "--web-listen", "127.0.0.1:9722",
            "--state", Path.of(System.getProperty("user.home"), ".sluice", "control").toString());
    private static final Set<String> SWITCHES = Set.of("--allow-plain-text-xds", "--restored");

    /** Whether the log was put back from a copy. */
    public enum Restored {
        NO,
        YES
    }

    /** Reads a command line; every problem at once. */
    static Parsed<Settings> parse(List<String> arguments, Map<String, String> environment) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> given = options(arguments, problems);
        for (Map.Entry<String, String> option : DEFAULTS.entrySet()) {
            String variable = "SLUICE_" + option.getKey().substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
            given.putIfAbsent(option.getKey(), environment.getOrDefault(variable, option.getValue()));
        }
        Optional<InetSocketAddress> admin = loopback("--listen", given, problems);
        Optional<InetSocketAddress> web = loopback("--web-listen", given, problems);
        Optional<InetSocketAddress> xds = given.containsKey("--allow-plain-text-xds")
                ? address("--xds-listen", given, problems)
                : loopback("--xds-listen", given, problems);
        return problems.isEmpty()
                ? Parsed.ok(new Settings(
                        admin.orElseThrow(),
                        xds.orElseThrow(),
                        web.orElseThrow(),
                        Path.of(given.getOrDefault("--state", "")),
                        given.containsKey("--restored") ? Restored.YES : Restored.NO))
                : new Parsed.Refused<>(problems);
    }

    private static Map<String, String> options(List<String> arguments, List<Problem> problems) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String option = arguments.get(i);
            if (SWITCHES.contains(option)) {
                given.put(option, "");
            } else if (!DEFAULTS.containsKey(option)) {
                problems.add(new Problem(
                        "", "argument " + Problem.quote(option), "an option of 'sluice control'", "see --help"));
            } else if (i + 1 == arguments.size()) {
                problems.add(new Problem(option, "nothing", "a value", "give one after " + option));
            } else {
                given.put(option, arguments.get(++i));
            }
        }
        return given;
    }

    private static Optional<InetSocketAddress> loopback(
            String option, Map<String, String> given, List<Problem> problems) {
        return address(option, given, problems).filter(address -> {
            boolean isLoopback = address.getAddress().isLoopbackAddress();
            if (!isLoopback) {
                problems.add(new Problem(
                        option,
                        Problem.quote(given.getOrDefault(option, "")),
                        "a loopback address, for it is plain text",
                        option.equals("--xds-listen")
                                ? "listen on 127.0.0.1, or give --allow-plain-text-xds on a network that you trust"
                                : "listen on 127.0.0.1 and reach it by a tunnel"));
            }
            return isLoopback;
        });
    }

    private static Optional<InetSocketAddress> address(
            String option, Map<String, String> given, List<Problem> problems) {
        String text = given.getOrDefault(option, "");
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= 65_535) {
                return Optional.of(new InetSocketAddress(InetAddress.getByName(text.substring(0, colon)), port));
            }
        } catch (NumberFormatException | UnknownHostException e) {
            // Told below, like a port out of range.
        }
        problems.add(new Problem(option, Problem.quote(text), "ADDRESS:PORT, port 0..65535", "for example 127.0.0.1:9720"));
        return Optional.empty();
    }
}
