package dev.sluice.chaos.load;

import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What may get load: this machine, and what was named. Immutable.
 *
 * @param schemes of URLs that can be asked, such as {@code http}
 * @param named hosts, with their ports, that may be a target though they are not this machine
 */
public record TargetRule(Set<String> schemes, Set<String> named) {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[::1\\]|\\[0:0:0:0:0:0:0:1\\]");

    public TargetRule {
        schemes = Set.copyOf(schemes);
        named = Set.copyOf(named);
    }

    /** Says what is wrong with a target. */
    public void check(URI target, Problems at) {
        String scheme = Optional.ofNullable(target.getScheme()).orElse("");
        String host = Optional.ofNullable(target.getHost()).orElse("").toLowerCase(Locale.ROOT);
        if (host.isEmpty() || !schemes.contains(scheme)) {
            at.add(
                    Problem.quote(target.toString()),
                    "a URL of " + String.join(" or ", new TreeSet<>(schemes)),
                    "correct it");
            return;
        }
        int port = target.getPort() >= 0 ? target.getPort() : scheme.equals("http") ? 80 : 443;
        if (!LOOPBACK.matcher(host).matches() && !named.contains(host + ":" + port)) {
            at.add(
                    host + ":" + port + ", which is not this machine",
                    "loopback, or a named target",
                    "name it with --allow-target " + host + ":" + port + " if it may get load");
        }
    }
}
