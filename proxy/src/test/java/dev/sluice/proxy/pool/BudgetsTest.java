package dev.sluice.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.snapshot.cluster.ClusterSpec.CircuitBreakers;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.RetryLimit;
import org.junit.jupiter.api.Test;

class BudgetsTest {
    @Test
    void a_retry_budget_is_a_share_of_the_requests_under_way() {
        Budgets budgets =
                Budgets.of(new CircuitBreakers(1, 100, 100, new RetryLimit.Budget(20, 3)));

        assertThat(budgets.retries().limit()).as("limit without requests").isEqualTo(3);
        for (int i = 0; i < 40; i++) {
            assertThat(budgets.requests().tryTake()).as("request %d", i).isTrue();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(budgets.pending().tryTake()).as("waiting request %d", i).isTrue();
        }
        assertThat(budgets.retries().limit()).as("limit of 50 requests").isEqualTo(10);
    }

    @Test
    void a_refused_take_is_counted_and_takes_nothing() {
        Budget budget = new Budget(1);

        assertThat(budget.tryTake()).as("first").isTrue();
        assertThat(budget.tryTake()).as("second").isFalse();
        assertThat(budget.used()).as("used").isEqualTo(1);
        assertThat(budget.refused()).as("refused").isEqualTo(1);
    }
}
