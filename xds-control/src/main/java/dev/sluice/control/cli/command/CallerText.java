package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.GateCaller;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import java.util.List;

/** Callers of a gate as a table. Stateless. */
final class CallerText {
    private CallerText() {}

    static List<Column<GateCaller>> columns(Words words) {
        return List.of(
                new Column<>("ARM", caller -> caller.getArm().name()),
                new Column<>("IDENTITY", CallerText::identity),
                new Column<>("SAYS IT IS", caller -> Words.orDash(caller.getService())),
                new Column<>("OPERATION", caller -> Words.orDash(caller.getOperation())),
                new Column<>("CALLS", caller -> Long.toUnsignedString(caller.getRequests())),
                new Column<>("REFUSED", caller -> Long.toUnsignedString(caller.getRefused())),
                new Column<>("LAST", caller -> words.age(caller.getLastTime())));
    }

    private static String identity(GateCaller caller) {
        return caller.getOthers() ? "(others)" : Words.orDash(caller.getIdentity());
    }
}
