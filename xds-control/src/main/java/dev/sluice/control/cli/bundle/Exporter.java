package dev.sluice.control.cli.bundle;

import com.google.protobuf.Message;
import dev.sluice.control.cli.resource.Listed;
import dev.sluice.control.cli.resource.Resource;
import dev.sluice.control.cli.resource.Updated;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads everything as files say it: without what the control plane says itself, and without the
 * shares of gates, which ramps move. Stateless.
 */
public final class Exporter {
    private static final Set<String> MOVED = Set.of("share_ppm");

    private Exporter() {}

    /**
     * All resources of these kinds, in the order in which they can be made.
     *
     * @param owner only what came from files of this owner; empty for all
     */
    public static List<Message> all(
            Channel channel, List<Updated<?>> kinds, Optional<String> owner) {
        List<Message> all = new ArrayList<>();
        for (Updated<?> kind : kinds) {
            List<Message> ofKind = new ArrayList<>();
            for (Message resource : Listed.all(kind, channel, "services/-")) {
                if (isSaid(resource) && isOf(owner, resource)) {
                    ofKind.add(Wanted.without(Wanted.of(resource), MOVED));
                }
            }
            all.addAll(References.inOrder(ofKind, Resource::name, it -> it, _ -> 0));
        }
        return all;
    }

    /** Not what is there though nobody said it, as approval policies are. */
    private static boolean isSaid(Message resource) {
        return !Resource.etag(resource).isEmpty();
    }

    private static boolean isOf(Optional<String> owner, Message resource) {
        return owner.isEmpty() || Wanted.owner(resource).equals(owner);
    }
}
