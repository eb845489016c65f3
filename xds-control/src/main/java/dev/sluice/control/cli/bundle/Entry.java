package dev.sluice.control.cli.bundle;

import com.google.protobuf.Message;
import dev.sluice.control.cli.resource.Kind;
import dev.sluice.control.cli.resource.Resource;
import dev.sluice.control.cli.session.Ending;
import dev.sluice.control.message.Difference;
import java.util.List;

/** What a plan has for one resource. Immutable. */
public sealed interface Entry {
    String name();

    /** Whether the control plane has checked a change already. */
    enum Check {
        /** It would take it. */
        TAKEN,
        /** Not before what it needs is there, which the same plan makes. */
        LATER
    }

    /** It is not there and would be created. */
    record Added(Item<?> item, Message resource, List<Difference> fields, Check check)
            implements Entry {
        public Added {
            fields = List.copyOf(fields);
        }

        @Override
        public String name() {
            return item.name();
        }
    }

    /**
     * It is there and would be changed.
     *
     * @param present what it is like, as people may say it
     * @param resource what is to be sent
     */
    record Changed(
            Item<?> item, Message present, Message resource, List<Difference> changes, Check check)
            implements Entry {
        public Changed {
            changes = List.copyOf(changes);
        }

        @Override
        public String name() {
            return item.name();
        }
    }

    /** It is there as the file says. */
    record Unchanged(Item<?> item) implements Entry {
        @Override
        public String name() {
            return item.name();
        }
    }

    /**
     * It came from files of the owner, is in none any more, and would be deleted.
     *
     * @param resource what it is like, as people may say it
     */
    record Pruned(Kind<?> kind, Message resource) implements Entry {
        @Override
        public String name() {
            return Resource.name(resource);
        }
    }

    /**
     * It can't be made so.
     *
     * @param place of the resource in a file; empty for one that would be pruned
     * @param why each line for people
     */
    record Refused(String name, String place, Ending why) implements Entry {}
}
