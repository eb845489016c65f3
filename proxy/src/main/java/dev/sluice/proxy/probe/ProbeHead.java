package dev.sluice.proxy.probe;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Addition;
import java.util.List;

/**
 * The head of checks of one cluster. Immutable.
 *
 * @param method of the request
 * @param scheme {@code http} or {@code https}
 * @param authority where an endpoint has no name of its own for checks
 * @param path with query, if any
 * @param additions to the fields
 */
record ProbeHead(
        String method, String scheme, String authority, String path, List<Addition> additions) {
    private static final String USER_AGENT = "Sluice/HC";

    /**
     * @param host what this endpoint is called in checks; empty: what the check says
     */
    RequestHead of(String host) {
        return new RequestHead(method, scheme, host.isEmpty() ? authority : host, path, fields());
    }

    private HeaderBlock fields() {
        HeaderBlock headers = new HeaderBlock().add("user-agent", USER_AGENT);
        for (Addition addition : additions) {
            boolean there = headers.contains(addition.name());
            switch (addition.action()) {
                case APPEND_IF_EXISTS_OR_ADD -> headers.add(addition.name(), addition.literal());
                case ADD_IF_ABSENT -> {
                    if (!there) {
                        headers.add(addition.name(), addition.literal());
                    }
                }
                case OVERWRITE_IF_EXISTS_OR_ADD -> headers.set(addition.name(), addition.literal());
                case OVERWRITE_IF_EXISTS -> {
                    if (there) {
                        headers.set(addition.name(), addition.literal());
                    }
                }
            }
        }
        return headers;
    }
}
