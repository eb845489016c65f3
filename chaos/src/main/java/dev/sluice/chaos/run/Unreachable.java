package dev.sluice.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Cut;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds targets of a method's requests that nobody listens at, before anything is injected: a run
 * that gets no further than its second action has broken something and shown nothing. Targets
 * behind an action that is a program are not asked for, as the program may start them. Stateless.
 */
public final class Unreachable {
    private static final int MILLIS = 5_000;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private Unreachable() {}

    /**
     * Every such target, at the place of its action. Connections are opened and closed at once.
     *
     * @param cut ends connecting: no target is then reached
     */
    public static List<Problem> in(Experiment experiment, Activities activities, Cut cut) {
        Map<InetSocketAddress, Optional<String>> known = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Activity activity : experiment.method()) {
            if (activity.kind() != Activity.Kind.ACTION) {
                continue;
            }
            List<JsonNode> requests = activities.requests(activity);
            if (requests.isEmpty()) {
                break;
            }
            for (JsonNode request : requests) {
                problem(activity, request.path("url").asText(), known, cut)
                        .ifPresent(problems::add);
            }
        }
        return problems.stream().distinct().toList();
    }

    private static Optional<Problem> problem(
            Activity activity,
            String url,
            Map<InetSocketAddress, Optional<String>> known,
            Cut cut) {
        return address(url)
                .map(address -> known.computeIfAbsent(address, each -> refused(each, cut)))
                .orElse(Optional.of("no address in '" + url + "'"))
                .map(why ->
                        new Problem(
                                activity.place() + " '" + activity.name() + "'",
                                why,
                                "a target that takes connections",
                                "start it, or correct the address"));
    }

    private static Optional<InetSocketAddress> address(String url) {
        try {
            URI uri = URI.create(url);
            int usual = "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS : HTTP;
            return Optional.ofNullable(uri.getHost())
                    .map(host ->
                            new InetSocketAddress(host, uri.getPort() < 0 ? usual : uri.getPort()));
        } catch (IllegalArgumentException noUrl) {
            return Optional.empty();
        }
    }

    /** Why no connection comes about; empty when one does. */
    private static Optional<String> refused(InetSocketAddress address, Cut cut) {
        String target = address.getHostString() + ":" + address.getPort();
        if (address.isUnresolved()) {
            return Optional.of("no address of " + target);
        }
        try (Socket socket = new Socket()) {
            cut.closes(socket);
            socket.connect(address, MILLIS);
            return Optional.empty();
        } catch (IOException failed) {
            return Optional.of("no connection to " + target + ": " + failed.getMessage());
        }
    }
}
