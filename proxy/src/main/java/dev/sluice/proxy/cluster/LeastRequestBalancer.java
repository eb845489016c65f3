package dev.sluice.proxy.cluster;

/**
 * The least loaded of some endpoints drawn at random: two choices are nearly as good as all (M.
 * Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, 2001). Loop-owned.
 *
 * @param choices draws for each request, 2..
 */
record LeastRequestBalancer(WeightedDraw draw, int choices) implements Balancer {
    @Override
    public Endpoint choose() {
        Endpoint best = draw.draw();
        for (int i = 1; i < choices; i++) {
            Endpoint other = draw.draw();
            if (other.load().active() < best.load().active()) {
                best = other;
            }
        }
        return best;
    }
}
