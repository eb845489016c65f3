package dev.sluice.proxy.mirror;

import dev.sluice.proxy.balance.Pick;
import dev.sluice.proxy.cluster.LoopCluster;
import dev.sluice.proxy.cluster.Use;
import dev.sluice.proxy.exchange.RequestHead;
import java.time.Duration;

/**
 * Where a copy of a request goes. Loop-owned.
 *
 * @param head as it goes out
 * @param pick what is asked of the balancer
 * @param use what a connection is for
 * @param answer from the end of the request to the end of the answer; zero: no limit
 */
public record Mirror(LoopCluster cluster, RequestHead head, Pick pick, Use use, Duration answer) {}
