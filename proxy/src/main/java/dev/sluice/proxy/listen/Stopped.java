package dev.sluice.proxy.listen;

import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Direction;

/** Which listeners accept nothing any more, whatever configuration comes. */
enum Stopped {
    NONE,
    INBOUND,
    ALL;

    boolean holds(ListenerSpec spec) {
        return switch (this) {
            case NONE -> false;
            case INBOUND -> spec.reach().direction() == Direction.INBOUND;
            case ALL -> true;
        };
    }
}
