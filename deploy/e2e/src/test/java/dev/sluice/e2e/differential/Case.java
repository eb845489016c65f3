package dev.sluice.e2e.differential;

import java.util.List;

/**
 * What one client sends on a connection of its own, and what the upstream does about it. Immutable.
 *
 * @param id {@code group/name}, with {@code (h1)} or {@code (h2)} where both are tried
 * @param group whose listener is called
 * @param sent the client's part
 * @param arrivals requests that upstreams get at least: copies come when they come
 * @param answers of the upstreams, in the order in which requests arrive; the last one repeats
 */
record Case(String id, String group, Sent sent, int arrivals, List<UpstreamAnswer> answers) {
    Case {
        answers = List.copyOf(answers);
    }

    /** The same, which says its name, so that lines of logs can be told apart. */
    Case named() {
        return new Case(id, group, sent.with(Logs.CASE, id), arrivals, answers);
    }
}
