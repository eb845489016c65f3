package dev.sluice.contract.match;

import java.util.Optional;

/**
 * Matches the API version that a client states. Immutable.
 *
 * @param source where the version stands
 * @param value how it must be; a missing one never is
 */
public record ApiVersionMatcher(Source source, StringMatcher value) {
    /** Where a version stands. */
    public sealed interface Source {
        /** In the first header of this lower-case name. */
        record Header(String name) implements Source {}

        /** In this segment (from 0) of the normalised path. */
        record PathSegment(int index) implements Source {}
    }

    /** Whether the version of this request is so. */
    public boolean matches(RequestView request) {
        Optional<CharSequence> version =
                switch (source) {
                    case Source.Header(String name) -> request.header(name).map(Texts::trim);
                    case Source.PathSegment(int index) ->
                            Targets.pathSegment(request.path(), index);
                };
        return version.isPresent() && value.matches(version.get());
    }
}
