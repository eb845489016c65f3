package dev.sluice.control.lifecycle.decision;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.Endpoints.Endpoint;
import dev.sluice.control.change.spec.ListenAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** The ranges that the contract gives for plain fields. Stateless but for where reasons go. */
public final class Ranges {
    private static final Pattern DOTTED_QUAD = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final int MOST_LABELS = 64;
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 128;

    private final Refusals refusals;

    public Ranges(Refusals refusals) {
        this.refusals = refusals;
    }

    public void description(Description description) {
        text("display_name", description.displayName(), 0, LONGEST_NAME);
        text("owner", description.owner(), 0, LONGEST_NAME);
        labels(description.labels());
    }

    public void labels(Map<String, String> labels) {
        number("labels", labels.size(), 0, MOST_LABELS);
        labels.forEach((key, value) -> {
            text("labels", key, 1, LONGEST_LABEL);
            text("labels[\"" + key + "\"]", value, 1, LONGEST_LABEL);
        });
    }

    public void text(String path, String text, int shortest, int longest) {
        if (text.length() < shortest || text.length() > longest) {
            refusals.invalid(
                    path,
                    Problem.quote(text),
                    shortest + ".." + longest + " characters",
                    "change its length");
        }
    }

    public void number(String path, long number, long least, long most) {
        if (number < least || number > most) {
            refusals.invalid(path, number, least + ".." + most, "choose a number of this range");
        }
    }

    public void duration(String path, Duration duration, Duration least, Duration most) {
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            refusals.invalid(
                    path, duration, least + ".." + most, "choose a duration of this range");
        }
    }

    public void port(String path, int port) {
        number(path, port, 1, 65_535);
    }

    void address(String path, String address) {
        if (!isIpAddress(address)) {
            refusals.invalid(
                    path, Problem.quote(address), "an IP address", "give the address, not a name");
        }
    }

    public void listen(String path, ListenAddress listen) {
        address(path + ".address", listen.address());
        port(path + ".port", listen.port());
    }

    public void endpoint(String path, Endpoint endpoint) {
        address(path + ".address", endpoint.address());
        port(path + ".port", endpoint.port());
        number(path + ".weight", endpoint.weight(), 1, 128);
    }

    private static boolean isIpAddress(String address) {
        if (address.indexOf(':') < 0 && !DOTTED_QUAD.matcher(address).matches()) {
            return false;
        }
        try {
            InetAddress.ofLiteral(address); // asks no resolver
            return true;
        } catch (IllegalArgumentException notALiteral) {
            return false;
        }
    }
}
