/** This library as a candidate. Used as its documentation shows, through its public API, without any flag. */
package org.processmanager.benchmarks.ours;
