package dev.sluice.chaos.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** All requests of a load, in order, before the first is sent. Stateless. */
public final class Plan {
    private static final long SECOND = 1_000_000_000;

    private Plan() {}

    /** The plan; the same for the same settings. */
    public static List<Planned> of(LoadSettings settings) {
        SplittableRandom random = new SplittableRandom(settings.seed());
        int writes = settings.writes().map(LoadSettings.Writes::share).orElse(0);
        Map<Integer, String> keys = new HashMap<>();
        List<Planned> plan = new ArrayList<>();
        for (long id = 0; id < settings.requests(); id++) {
            String key =
                    keys.computeIfAbsent(
                            random.nextInt(settings.keys()), number -> "key-" + number);
            int target = random.nextInt(settings.targets().size());
            boolean write = random.nextInt(100) < writes;
            plan.add(
                    new Planned(
                            id,
                            key,
                            target,
                            write ? Planned.Operation.WRITE : Planned.Operation.READ,
                            id * SECOND / settings.perSecond()));
        }
        return plan;
    }
}
