package dev.sluice.proxy.cluster;

/** Any endpoint, by weight. Loop-owned. */
record RandomBalancer(WeightedDraw draw) implements Balancer {
    @Override
    public Endpoint choose() {
        return draw.draw();
    }
}
