package dev.sluice.control.snapshot;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.spec.MigrationProfile.DeprecationWindow;
import dev.sluice.control.change.spec.Phase.Progress;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What callers of an old version read in its answers while a migration announces its end: {@code
 * Deprecation} (RFC 9745), {@code Sunset} (RFC 8594), and a {@code Link} to more. An answer that
 * says so itself keeps what it says. Pure.
 */
final class SunsetHeaders {
    /** IMF-fixdate (RFC 9110, 5.6.7), with two digits for the day. */
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private SunsetHeaders() {}

    /** For answers of LEGACY of a gate; empty when no migration that has begun announces an end. */
    static List<HeaderValueOption> of(Catalog catalog, GateState gate) {
        return catalog.openMigrationList().stream()
                .filter(migration -> migration.progress() != Progress.PLANNED)
                .filter(migration -> covers(catalog, migration, gate))
                .flatMap(migration -> migration.spec().profile().deprecation().stream())
                .findFirst()
                .map(SunsetHeaders::of)
                .orElse(List.of());
    }

    private static boolean covers(Catalog catalog, Migration migration, GateState gate) {
        return catalog.gatesOf(migration.spec().target()).stream()
                .anyMatch(covered -> covered.name().equals(gate.name()));
    }

    private static List<HeaderValueOption> of(DeprecationWindow window) {
        List<HeaderValueOption> headers = new ArrayList<>();
        headers.add(
                header(
                        "deprecation",
                        "@" + window.from().getEpochSecond(),
                        HeaderAppendAction.ADD_IF_ABSENT));
        headers.add(header("sunset", date(window.sunset()), HeaderAppendAction.ADD_IF_ABSENT));
        link(window)
                .ifPresent(link ->
                        headers.add(
                                header("link", link, HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)));
        return headers;
    }

    private static String date(Instant time) {
        return HTTP_DATE.format(time);
    }

    private static Optional<String> link(DeprecationWindow window) {
        return window.link()
                .map(target ->
                        "<" + target + ">; rel=\"deprecation\", <" + target + ">; rel=\"sunset\"");
    }

    /** A percent sign begins a command in Envoy's header values, two stand for one. */
    private static HeaderValueOption header(String name, String value, HeaderAppendAction action) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value.replace("%", "%%")))
                .setAppendAction(action)
                .build();
    }
}
