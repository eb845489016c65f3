package dev.sluice.proxy.call;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Loop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes calls to clusters in force, on one loop. Thread-safe. */
public final class ClusterCalls {
    private final Loop loop;
    private final Function<String, @Nullable Cluster> clusters;

    /**
     * @param loop that carries the calls
     * @param clusters in force by name; null for an unknown one
     */
    public ClusterCalls(Loop loop, Function<String, @Nullable Cluster> clusters) {
        this.loop = loop;
        this.clusters = clusters;
    }

    /** Makes a call; its answer is told on the loop, and never by an exception. */
    public CompletableFuture<CallAnswer> call(String cluster, CallRequest request) {
        CompletableFuture<CallAnswer> answer = new CompletableFuture<>();
        Cluster known = clusters.apply(cluster);
        if (known == null) {
            return failed(request, "cluster '%s' is not configured".formatted(cluster));
        }
        try {
            loop.executor()
                    .execute(() ->
                            new ClusterCall(loop, known.on(loop), request, answer::complete)
                                    .start());
            return answer;
        } catch (RejectedExecutionException closed) {
            return failed(request, "the proxy is closed");
        }
    }

    private static CompletableFuture<CallAnswer> failed(CallRequest request, String why) {
        request.body().release();
        return CompletableFuture.completedFuture(new CallAnswer.Failed(why));
    }
}
