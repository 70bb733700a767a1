package org.processmanager.examples.app.menu;

/** Runs producers and consumers and shows the outcome. */
@FunctionalInterface
public interface Demo {
    /**
     * Runs the demo.
     *
     * @param threads whether they are threads of this process, instead of processes
     * @throws IllegalArgumentException if there cannot be so many, or there is nothing to do
     */
    void run(int producers, int consumers, boolean threads) throws InterruptedException;
}
