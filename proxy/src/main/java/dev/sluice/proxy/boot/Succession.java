package dev.sluice.proxy.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.admin.AdminServer;
import dev.sluice.proxy.handover.HandOverClient;
import dev.sluice.proxy.handover.HandOverClient.Asked;
import dev.sluice.proxy.handover.HandOverServer;
import dev.sluice.proxy.handover.HandedSockets;
import io.netty.channel.Channel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How this process takes the place of another without a lost connection, and lets a third one take
 * its own. For the thread that starts the process.
 *
 * @param path where processes meet; empty: nowhere
 * @param sockets of the process before
 * @param before the process before; empty: there is none
 */
record Succession(Optional<Path> path, HandedSockets sockets, Optional<HandOverClient> before) {
    private static final System.Logger LOG = System.getLogger(Succession.class.getName());

    /** Asks the process before, if there is one, for its sockets. */
    static Parsed<Succession> begin(Optional<Path> path) {
        if (path.isEmpty()) {
            return Parsed.ok(new Succession(path, HandedSockets.none(), Optional.empty()));
        }
        return HandOverClient.ask(path.get())
                .map(asked ->
                        switch (asked) {
                            case Asked.Nobody() ->
                                    new Succession(path, HandedSockets.none(), Optional.empty());
                            case Asked.Handed(var sockets, var from) ->
                                    new Succession(path, sockets, Optional.of(from));
                        });
    }

    /**
     * This process serves: the one before may leave, and the next one may come.
     *
     * @param leave run once the next one serves; must not block
     */
    List<Problem> serves(Proxy proxy, Optional<AdminServer> admin, Runnable leave) {
        if (path.isEmpty()) {
            return List.of();
        }
        before.ifPresent(Succession::dismiss);
        sockets.closeRest();
        HandOverServer.Handing handing =
                new HandOverServer.Handing(
                        () -> proxy.sockets().thenApply(own -> with(admin, own)),
                        () -> {
                            admin.ifPresent(AdminServer::stopListening);
                            leave.run();
                        });
        return HandOverServer.open(path.get(), handing).problems();
    }

    /** This process can't serve: the one before stays. */
    void giveUp() {
        before.ifPresent(HandOverClient::close);
        sockets.closeRest();
    }

    /** What the one before does not say it also can't undo: this process serves already. */
    private static void dismiss(HandOverClient from) {
        try {
            from.ready();
        } catch (IOException e) {
            LOG.log(Level.WARNING, e.getMessage());
        }
    }

    private static List<Channel> with(Optional<AdminServer> admin, List<Channel> own) {
        List<Channel> all = new ArrayList<>(own);
        admin.ifPresent(server -> all.add(server.socket()));
        return all;
    }
}
