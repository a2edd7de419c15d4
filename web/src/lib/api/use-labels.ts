import { useQuery } from '@tanstack/react-query';
import { strategiesQuery } from './queries';
import type { Params } from './schema';

/** Names strategies as people call them; until the catalogue is here, by their key. */
export function useStrategyLabel(): (name: string) => string {
  const strategies = useQuery(strategiesQuery).data;
  return (name) => strategies?.find((strategy) => strategy.name === name)?.label ?? name;
}

/** Parameters in one line: "period 14, oversold 30". */
export function paramsText(params: Params | undefined): string {
  return Object.entries(params ?? {})
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`)
    .join(', ');
}
