package dev.sluice.control.cli.bundle;

import dev.sluice.admin.v1.Migration;
import dev.sluice.control.cli.resource.Baselines;
import dev.sluice.control.cli.resource.Shape;
import io.grpc.Channel;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The baselines that plans of ramps in files go by. No file has them, and the plan can be made
 * before they are recorded, so they are noted, with where they are named, and refuse nothing.
 * Stateless.
 */
public final class NamedBaselines {
    private NamedBaselines() {}

    /** A note on each. */
    public static List<String> notes(Bundle bundle) {
        return notes(bundle, _ -> true);
    }

    /** A note on each that the control plane does not have. */
    static List<String> missing(Bundle bundle, Channel channel) {
        return notes(bundle, name -> Planner.present(channel, new Baselines(), name).isEmpty());
    }

    private static List<String> notes(Bundle bundle, Predicate<String> noted) {
        return bundle.items().stream()
                .flatMap(item ->
                        item.resource() instanceof Migration migration && isNoted(migration, noted)
                                ? Stream.of(note(item, migration))
                                : Stream.empty())
                .toList();
    }

    /** Names of another shape are the control plane's to refuse. */
    private static boolean isNoted(Migration migration, Predicate<String> noted) {
        String name = migration.getJudge().getBaseline();
        return Baselines.SHAPE.fits(name) && noted.test(name);
    }

    private static String note(Item<?> item, Migration migration) {
        String name = migration.getJudge().getBaseline();
        return "%s: %s is recorded, not declared: `sluice baseline record %s` before RAMP"
                .formatted(item.place("judge.baseline"), name, Shape.id(name));
    }
}
