package dev.sluice.demo.view;

import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.Phase;
import java.util.List;

/** Where a migration of a shared store is on its walk, in one line. Stateless. */
public final class PhaseLine {
    private static final List<Phase> WALK =
            List.of(
                    Phase.EXPAND,
                    Phase.BACKFILL,
                    Phase.VERIFY,
                    Phase.RAMP,
                    Phase.SOAK,
                    Phase.DRAIN,
                    Phase.CONTRACT,
                    Phase.DONE);

    private PhaseLine() {}

    /** Such as {@code expand, backfill, verify, [RAMP], soak, drain, contract, done}. */
    public static String of(Migration migration) {
        StringBuilder line = new StringBuilder();
        for (Phase phase : WALK) {
            String word = phase.name().toLowerCase(java.util.Locale.ROOT);
            line.append(line.isEmpty() ? "" : ", ")
                    .append(phase == migration.getPhase() ? "[" + phase + "]" : word);
        }
        return line.toString();
    }

    /** The phase that comes next; {@code DONE} at the end. */
    public static Phase after(Migration migration) {
        if (migration.getProgress() == Migration.Progress.PLANNED) {
            return WALK.getFirst();
        }
        int present = WALK.indexOf(migration.getPhase());
        return WALK.get(Math.min(present + 1, WALK.size() - 1));
    }
}
