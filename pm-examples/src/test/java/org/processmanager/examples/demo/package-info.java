/** Tests of the main job's parts. */
package org.processmanager.examples.demo;
