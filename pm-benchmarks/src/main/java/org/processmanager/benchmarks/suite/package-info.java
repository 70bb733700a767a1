/** The suites, their cases and the candidates of each case; {@code Suites} lists all of them. */
package org.processmanager.benchmarks.suite;
