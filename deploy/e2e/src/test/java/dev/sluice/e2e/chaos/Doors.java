package dev.sluice.e2e.chaos;

import dev.sluice.admin.v1.Protocol;
import dev.sluice.testkit.grpc.GrpcUpstream;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.util.List;

/**
 * Where the versions of a laboratory's shop are. Immutable.
 *
 * @param legacy port of LEGACY
 * @param fresh port of one endpoint of NEW
 * @param second port of the other
 * @param protocol that they speak
 * @param ends what closes them
 */
record Doors(int legacy, int fresh, int second, Protocol protocol, List<Runnable> ends)
        implements AutoCloseable {
    /** Each says its version. */
    static Doors http() {
        H1Upstream legacy = H1Upstream.start(_ -> H1Answer.ok("legacy"));
        H1Upstream fresh = H1Upstream.start(_ -> H1Answer.ok("new"));
        H1Upstream second = H1Upstream.start(_ -> H1Answer.ok("new"));
        return new Doors(
                legacy.port(),
                fresh.port(),
                second.port(),
                Protocol.HTTP1,
                List.of(legacy::close, fresh::close, second::close));
    }

    /** Each sends back what calls say. */
    static Doors grpc() {
        GrpcUpstream legacy = GrpcUpstream.echo();
        GrpcUpstream fresh = GrpcUpstream.echo();
        GrpcUpstream second = GrpcUpstream.echo();
        return new Doors(
                legacy.port(),
                fresh.port(),
                second.port(),
                Protocol.HTTP2,
                List.of(legacy::close, fresh::close, second::close));
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
